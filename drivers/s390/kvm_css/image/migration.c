// SPDX-License-Identifier: GPL-2.0
/*
 * Saving and restoring what belongs to an image and not to one of its
 * subchannels: what SET CHANNEL MONITOR, SET ADDRESS LIMIT and CHSC have set,
 * and the channel reports that the guest has not stored yet.
 * subchannel/migration.c saves and restores subchannels, and says what is
 * saved.
 *
 * Locking: css_restore() checks the saved state before it takes css->lock, and
 * then changes everything in one critical section.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/crw.h>
#include <kvm_css/css.h>
#include <kvm_css/measurement.h>

static_assert(KVM_CSS_REPORTS == CRW_PENDING);

#define IMAGE_FLAGS	(KVM_CSS_IMAGE_ALONE | KVM_CSS_IMAGE_MSS | \
			 KVM_CSS_IMAGE_MCSSE | KVM_CSS_IMAGE_BLOCK_UPDATE | \
			 KVM_CSS_IMAGE_CONNECT_TIME | KVM_CSS_IMAGE_REPORTED)

/* The first version that had states */
#define VERSION_FIRST	2

/* SET CHANNEL MONITOR, chapter 14 */
#define MONITOR_KEY_MAX		15

int css_save(struct css *css, struct kvm_css_image *image)
{
	u32 state = 0;
	bool told;

	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	/* An image of which a part can't be saved is of no use. */
	if (css->backends) {
		mutex_unlock(&css->lock);
		return -EOPNOTSUPP;
	}
	memset(image->reports, 0, sizeof(image->reports));
	image->nr_reports = crw_save(&css->crws, image->reports, &told);
	image->version = KVM_CSS_VERSION;
	image->monitor_origin = css->shared.monitor.origin;
	image->monitor_key = css->shared.monitor.key;
	image->address_limit = css->shared.address_limit;
	memset(image->reserved, 0, sizeof(image->reserved));
	image->reserved2 = 0;
	state |= css->alone ? KVM_CSS_IMAGE_ALONE : 0;
	state |= css->mss ? KVM_CSS_IMAGE_MSS : 0;
	state |= css->mcsse ? KVM_CSS_IMAGE_MCSSE : 0;
	state |= css->shared.monitor.update ? KVM_CSS_IMAGE_BLOCK_UPDATE : 0;
	state |= css->shared.monitor.connect_time ? KVM_CSS_IMAGE_CONNECT_TIME : 0;
	state |= told ? KVM_CSS_IMAGE_REPORTED : 0;
	image->state = state;
	mutex_unlock(&css->lock);
	return 0;
}

static bool image_valid(const struct css *css,
			const struct kvm_css_image *image)
{
	size_t used;

	if (image->version < VERSION_FIRST ||
	    image->version > KVM_CSS_VERSION || image->state & ~IMAGE_FLAGS ||
	    css->alone != !!(image->state & KVM_CSS_IMAGE_ALONE) ||
	    image->reserved2 ||
	    memchr_inv(image->reserved, 0, sizeof(image->reserved)))
		return false;
	if (image->monitor_origin % SCHM_ORIGIN_ALIGNMENT ||
	    image->monitor_key > MONITOR_KEY_MAX ||
	    image->address_limit & SAL_ZEROS ||
	    image->nr_reports > CRW_PENDING)
		return false;
	used = image->nr_reports * sizeof(image->reports[0]);
	return crw_saved_valid(image->reports, image->nr_reports) &&
	       !memchr_inv((const u8 *)image->reports + used, 0,
			   sizeof(image->reports) - used);
}

static void image_restore(struct css *css, const struct kvm_css_image *image)
{
	const u32 state = image->state;
	const struct css_monitor monitor = {
		.origin = image->monitor_origin,
		.key = image->monitor_key,
		.update = state & KVM_CSS_IMAGE_BLOCK_UPDATE,
		.connect_time = state & KVM_CSS_IMAGE_CONNECT_TIME,
	};

	measurement_set(&css->shared, &monitor);
	/* The guest has run elsewhere, see guest_looked() in css.c. */
	WRITE_ONCE(css->asked, true);
	WRITE_ONCE(css->shared.address_limit, image->address_limit);
	WRITE_ONCE(css->mss, state & KVM_CSS_IMAGE_MSS);
	WRITE_ONCE(css->mcsse, state & KVM_CSS_IMAGE_MCSSE);
}

int css_restore(struct css *css, const struct kvm_css_image *image)
{
	int rc = 0;

	if (!image_valid(css, image))
		return -EINVAL;
	if (mutex_lock_killable(&css->lock))
		return -EINTR;
	if (crw_restore(&css->crws, image->reports, image->nr_reports,
			image->state & KVM_CSS_IMAGE_REPORTED))
		image_restore(css, image);
	else
		rc = -EBUSY;
	mutex_unlock(&css->lock);
	if (!rc)
		css_tell_reports(css);
	return rc;
}
