/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The release that this is: of the module, of the programs and of the packages.
 * Nothing else has it written down, except debian/changelog, whose newest entry is
 * for it.  KVM_CSS_VERSION of the user ABI is another thing.
 */
#ifndef KVM_CSS_VERSION_H
#define KVM_CSS_VERSION_H

#define KVM_CSS_RELEASE		"1.0"

#endif /* KVM_CSS_VERSION_H */
