# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Installs, upgrades and purges the packages in a root directory that is like a host of two
# kernels, RUNNING and later LATER.  chroot.sh goes on here; debpackages.py reads what is
# found, in /found.  There are:
#
#	/packages, /packages/following	the packages, and those with a higher version
#	/hosts/RELEASE			a kernel's modules and headers, as the lab has them
#	/ccache				what has been compiled before
#
# This machine isn't an s390x and runs another kernel.  So uname says what it says on such a
# host, and make and strip are told of the cross compiler: VARIABLES, PREFIX.
: "${root:?is set by chroot.sh}"
found=$root/found
names='kvm-css-dkms kvm-css-tools libcss-user-dev'
# apt looks for programs in Debian's directories only, if it isn't told otherwise.
options='-q -y -o DPkg::Path=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

# stand_in NAME: a program of that name that comes before Debian's, from standard input
stand_in()
{
	{ echo '#!/bin/sh' && cat; } > "$root/usr/local/bin/$1"
	chmod 755 "$root/usr/local/bin/$1"
}

# kernel RELEASE: what the package of a kernel brings, as far as it matters, and its headers
kernel()
{
	modules=$root/lib/modules/$1
	from=$root/hosts/$1/root-modules/lib/modules/$1
	mkdir -p "$modules/kernel/arch/s390/kvm"
	cp "$from"/modules.order "$from"/modules.builtin "$from"/modules.builtin.modinfo "$modules"
	cp "$from/kernel/arch/s390/kvm/kvm.ko" "$modules/kernel/arch/s390/kvm"
	if grep -q ^CONFIG_MODULE_COMPRESS_XZ=y "$root/hosts/$1/config"; then
		xz "$modules/kernel/arch/s390/kvm/kvm.ko"
	fi
	in_root depmod "$1"
	ln -s "/hosts/$1/kdir" "$modules/build"
}

# running RELEASE: that kernel has been booted
running()
{
	echo "$1" > "$root/etc/running-kernel"
}

# install DIRECTORY: have apt install the packages there, and nothing else
install()
{
	files=
	for name in $names; do
		files="$files $1/${name}_*.deb"
	done
	in_root sh -c "apt-get install $options --no-install-recommends $files"
}

# packages_at WHEN: what dpkg and DKMS say
packages_at()
{
	# shellcheck disable=SC2016 # the variables are dpkg's
	in_root dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' > "$found/$1-packages"
	in_root dkms status > "$found/$1-dkms"
}

# modinfo_of WHEN RELEASE: what modinfo says of that kernel's kvm_css and kvm
modinfo_of()
{
	for name in kvm_css kvm; do
		in_root modinfo -k "$2" "$name" > "$found/$1-$2-$name"
	done
}

# All files and directories, but not what is mounted there
list()
{
	in_root find / -xdev | sort > "$found/$1"
}

stand_in uname << 'END'
case $1 in
-m) echo s390x ;;
-r) cat /etc/running-kernel ;;
*) exec /usr/bin/uname "$@" ;;
esac
END
stand_in make << END
export CCACHE_DIR=/ccache CCACHE_MAXSIZE=3G
exec /usr/bin/make "\$@" ${VARIABLES:?}
END
stand_in strip << END
exec ${PREFIX:-/usr/bin/}strip "\$@"
END

# As "Signed modules" in installation.rst has it
in_root sh -ec '
	mkdir -m 700 /etc/kvm-css-key && cd /etc/kvm-css-key
	openssl req -new -x509 -newkey rsa:2048 -sha256 -nodes -days 3650 -subj "/CN=our modules/" \
		-addext extendedKeyUsage=codeSigning -keyout key.pem -outform DER -out certificate.der
	printf "%s=/etc/kvm-css-key/%s\n" mok_signing_key key.pem mok_certificate certificate.der \
		> /etc/dkms/framework.conf.d/signing.conf'

# A kernel that the module isn't for, with headers
foreign=9.9.0-s390x
mkdir -p "$root/lib/modules/$foreign/build/include"
cp "$root/hosts/${RUNNING:?}/config" "$root/lib/modules/$foreign/build/.config"

kernel "$RUNNING"
kernel "${LATER:?}"
running "$RUNNING"
list before
rm "$root/lib/modules/$LATER/build"

install /packages
packages_at installed
modinfo_of installed "$RUNNING"
if [ "${EMULATOR-}" ]; then
	"$EMULATOR" -L "$root" "$root/usr/sbin/cssctl" version > "$found/cssctl" 2>&1 || true
fi

# Which the packages of headers do when they come
ln -s "/hosts/$LATER/kdir" "$root/lib/modules/$LATER/build"
in_root /etc/kernel/header_postinst.d/dkms "$LATER"
packages_at later
modinfo_of later "$LATER"

status=0
in_root /etc/kernel/header_postinst.d/dkms "$foreign" > "$found/foreign" 2>&1 || status=$?
echo "status $status" >> "$found/foreign"
packages_at foreign

# The administrator has changed a file of configuration and made one of his own.
running "$LATER"
echo '# changed' >> "$root/etc/libvirt/hooks/qemu.d/kvm-css"
echo 'add fba 0.3.0000 /disk' > "$root/etc/kvm-css/guest"
install /packages/following
packages_at upgraded
modinfo_of upgraded "$LATER"
tail -n 1 "$root/etc/libvirt/hooks/qemu.d/kvm-css" > "$found/upgraded-hook"
in_root ls /usr/src > "$found/upgraded-sources"

in_root sh -c "apt-get purge $options $names"
packages_at purged
list after
