# SPDX-License-Identifier: GPL-2.0
# bash completion for cssctl
# shellcheck shell=bash

# The VMs of the host that can be seen
_cssctl_pids()
{
	cssctl list --all 2>/dev/null | awk 'NR > 1 && $1 ~ /^[0-9]+$/ { print $1 }'
}

# The subchannels of the VM that the command line names
_cssctl_ids()
{
	local i which=()

	for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
		case ${COMP_WORDS[i]} in
		--pid | --pidfile | --vm-fd)
			which+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}")
			;;
		esac
	done
	[[ ${#which[@]} -gt 0 ]] || return
	cssctl list "${which[@]}" 2>/dev/null |
		awk 'NR > 1 && $1 ~ /^0\.[0-3]\./ { print $1 }'
}

_cssctl_options()
{
	local all='--json --help' vm='--pid --pidfile --vm-fd' vmm='--qmp --qtree'

	case $1 in
	attach | detach | reset | stat) echo "$vm $all" ;;
	add)
		echo "$vm --backing --type --id --devno --chpid --readonly" \
			"--blocks --model --direct --discard --share --no-report $vmm $all"
		;;
	remove) echo "$vm --id --vacate --gone --no-report $all" ;;
	list) echo "$vm $vmm --all $all" ;;
	show) echo "$vm --id $all" ;;
	apply) echo "$vm $vmm --wait $all" ;;
	version) echo "$all" ;;
	esac
}

_cssctl_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_cssctl_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_cssctl()
{
	local commands='attach add remove list show stat reset detach apply version'
	local current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		_cssctl_words "$commands --help --version" "$current"
		return
	fi
	case $before in
	--pid) _cssctl_words "$(_cssctl_pids)" "$current" ;;
	--id) _cssctl_words "$(_cssctl_ids)" "$current" ;;
	--type) _cssctl_words 'fba test' "$current" ;;
	--model) _cssctl_words '9336 3370' "$current" ;;
	--backing | --pidfile) _cssctl_files "$current" ;;
	--vm-fd | --devno | --chpid | --blocks | --wait) ;;
	*)
		if [[ $current == -* || ${COMP_WORDS[1]} != apply ]]; then
			_cssctl_words "$(_cssctl_options "${COMP_WORDS[1]}")" "$current"
		else
			_cssctl_files "$current"
		fi
		;;
	esac
}

complete -F _cssctl cssctl
