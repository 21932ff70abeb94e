# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Builds the packages of /out/source in a root directory, puts them into /out, and what
# lintian says of them into /out/lintian.  If FOLLOWING is a release, also builds those that
# the same sources are with that number, into /out/following.  chroot.sh goes on here.
: "${root:?is set by chroot.sh}"
mkdir "$root/build"
cp -r "$root/out/source" "$root/build/kvm-css"
# shellcheck disable=SC2016 # the variables are for the shell in there
in_root env DEB_BUILD_OPTIONS="parallel=$(nproc)" CROSS="${CROSS-}" sh -ec '
	cd /build/kvm-css
	dpkg-buildpackage -us -uc $CROSS
	cd ..
	cp *.* /out
	# Its status says that it has something to say, which the file says better.
	lintian --tag-display-limit 0 -EI --pedantic *.changes > /out/lintian || [ -s /out/lintian ]'

# The objects of the programs stay; few of them have the number in them.
# shellcheck disable=SC2016
[ -z "${FOLLOWING-}" ] ||
	in_root env DEB_BUILD_OPTIONS="parallel=$(nproc)" CROSS="${CROSS-}" FOLLOWING="$FOLLOWING" sh -ec '
	cd /build/kvm-css
	mv debian/build ../kept
	debian/rules clean
	mv ../kept debian/build
	sed -i "s/\(define KVM_CSS_RELEASE.*\)\".*\"/\1\"$FOLLOWING\"/" include/kvm_css/version.h
	sed -i "1s/(.*)/($FOLLOWING)/" debian/changelog
	dpkg-buildpackage -us -uc -nc -b $CROSS
	mkdir /out/following
	cp ../*_"$FOLLOWING"_*.deb /out/following'
