# SPDX-License-Identifier: GPL-2.0
# bash completion for cssctl
# shellcheck shell=bash

# The PIDs of the host's VMs that the user may see
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

_cssctl_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_cssctl_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# "cssctl complete" knows the commands and their options.  Its first line says what
# the value of the option before is called, if that takes one; the words follow.
_cssctl()
{
	local current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]}
	local value words

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		_cssctl_words "$(cssctl complete) --help --version" "$current"
		return
	fi
	{
		read -r value
		words=$(cat)
	} < <(cssctl complete "${COMP_WORDS[1]}" "$before" 2>/dev/null)
	case $value in
	PID) _cssctl_words "$(_cssctl_pids)" "$current" ;;
	0.S.NNNN) _cssctl_words "$(_cssctl_ids)" "$current" ;;
	FILE | SOCKET) _cssctl_files "$current" ;;
	'')
		if [[ $current == -* || ${COMP_WORDS[1]} != apply ]]; then
			_cssctl_words "$words" "$current"
		else
			_cssctl_files "$current"
		fi
		;;
	*) _cssctl_words "$words" "$current" ;;
	esac
}

complete -F _cssctl cssctl
