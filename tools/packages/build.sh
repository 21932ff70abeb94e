# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Builds the packages of /out/source in a root directory, puts them into /out, and what
# lintian says of them into /out/lintian.  chroot.sh goes on here.
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
