/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Short names for the bits that a subchannel and a device show, so that they fit
 * into the rows of tables.
 */
#ifndef _KVM_CSS_KUNIT_SHORT_NAMES_H
#define _KVM_CSS_KUNIT_SHORT_NAMES_H

#include <kvm_css/layout.h>

/* Function, activity and status control */
#define CONTROL		(SCSW_FC | SCSW_AC | SCSW_SC)

#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define CLEAR		SCSW_FC_CLEAR

#define START_PENDING	(START | SCSW_AC_START_PENDING)
#define SUSPENDED	(START | SCSW_AC_SUSPENDED)
#define DEVICE		SCSW_AC_DEVICE_ACTIVE
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)

#define ALERT		SCSW_SC_ALERT
#define INTERMEDIATE	(SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING)
#define PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define CHECKED		(ALERT | ENDED)
#define UNSOLICITED	(ALERT | SCSW_SC_PENDING)

/* Device status */
#define CE		DSTAT_CHANNEL_END
#define DE		DSTAT_DEVICE_END
#define CE_DE		(CE | DE)
#define ATTENTION	DSTAT_ATTENTION
#define BUSY		DSTAT_BUSY
#define CU_BUSY		(DSTAT_BUSY | DSTAT_STATUS_MODIFIER)
#define UNIT_CHECK	DSTAT_UNIT_CHECK

/* Some sense byte: the suites that use it don't depend on which one it is. */
#define SENSE0		SENSE0_EQUIPMENT_CHECK

#endif /* _KVM_CSS_KUNIT_SHORT_NAMES_H */
