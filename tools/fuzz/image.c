// SPDX-License-Identifier: GPL-2.0
/*
 * A channel-subsystem image for the fuzzers, see image.h.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/backend.h>

#include "file.h"
#include "fuzz_backend.h"
#include "fuzz_host.h"
#include "fuzz_unit.h"
#include "image.h"
#include "subchannel/internal.h"

#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)

static const struct css_place seats[IMAGE_SEATS] = {
	{ .ssid = 1, .schid = 0, .devno = 0x0200, .chpid = 0x42 },
	{ .ssid = 0, .schid = 1, .devno = 0x4711, .chpid = 0x42 },
};

u32 image_sid(u8 seat)
{
	return css_sid(seats[seat].ssid, seats[seat].schid);
}

/* Adding and removing subchannels */

static struct css_device *make_device(struct fuzz_image *image, u8 how)
{
	struct fuzz_device *fuzz;

	if (image->lent) {
		image->backends = true;
		return fuzz_host_create();
	}
	switch (how & 3) {
	case 0:
		if (how & 0x04)
			return fuzz_unit_create();
		break;
	case 1:
		if (!(how & 0x04))
			break;
		image->backends = true;
		return fuzz_backend_create(&image->guest, image->in);
	case 2:
		if (how & 0x04) {
			image->backends = true;
			return test_backend_create();
		}
		return test_device_create(how & 0x10);
	case 3:
		return fba_device_create(image->file, 0, how & 0x10 ? 1 : 0,
					 (how & 0x20 ? KVM_CSS_FBA_READONLY : 0) |
					 (how & 0x08 ? KVM_CSS_FBA_WRITEBACK : 0));
	}
	fuzz = fuzz_device_create(&image->guest, image->in);
	return fuzz ? &fuzz->dev : NULL;
}

void image_add(struct fuzz_image *image, u8 seat)
{
	u8 how = take8(image->in);
	struct css_place place = seats[seat];
	struct css_device *dev;
	bool ours;

	fuzz_file_caller(true);
	dev = make_device(image, how);
	fuzz_file_caller(false);
	if (IS_ERR_OR_NULL(dev))
		return;
	place.report = how & 0x80;
	place.beside = how & 0x40;
	ours = number_map_has(&image->css.ours[place.ssid], place.schid);
	if (!css_add(&image->css, &place, dev))
		return;
	dev->ops->release(dev);
	/*
	 * The call was refused or had no memory, so it must have changed
	 * nothing.
	 */
	shim_assert(number_map_has(&image->css.ours[place.ssid],
				   place.schid) == ours);
}

void image_remove(struct fuzz_image *image, u8 seat)
{
	u8 how = take8(image->in);
	const struct css_place *place = &seats[seat];
	int rc;

	rc = css_remove(&image->css, place->ssid, place->schid,
			how & 1 ? CSS_VACATE : CSS_REMOVE, how & 0x80);
	shim_assert(!rc || rc == -ENODEV || rc == -EINTR || rc == -EIO);
	if (rc != -ENODEV)
		shim_assert(!fake_pending(&image->guest.guest,
					  image_sid(seat)));
}

/* What must be true */

static bool requested(const struct subchannel *sch)
{
	return delayed_work_pending(&sch->dev->request->work);
}

/* True if the device is busy and will request to be selected again */
static bool busy(const struct subchannel *sch)
{
	return (sch->dev->request && requested(sch)) || fuzz_unit_busy(sch->dev);
}

/*
 * Status of a device must get pending as soon as it can.  While that is being
 * done, it is neither requested any more nor pending yet.
 */
static void check_presented(struct fuzz_image *image,
			    const struct subchannel *sch, enum sch_state state)
{
	if (image->died || shim_depth() || image->css.shared.quiesced ||
	    !fuzz_device_presents(sch->dev))
		return;
	if (state == SCH_IDLE || subchannel_disconnected(sch))
		shim_assert(requested(sch) || sch->queued);
}

/* Check that a backend that is to stop is waited for, and nobody else is. */
static void check_backend(const struct subchannel *sch)
{
	const struct sch_backend *backend = sch->backend;

	/* While somebody prepares something, it isn't asked yet. */
	shim_assert(sch->pending == (backend->stopping || sch->running) ||
		    (!sch->pending && sch->running));
	shim_assert(!sch->queued);
	if (sch->pending)
		shim_assert(sch->ref.count > 1);
	/* A reset, an answer that can't be, and a device that is gone */
	if (sch->pending)
		shim_assert(sch->resetting || sch->broken || backend->lost);
	/* What is over will be given back. */
	if (backend->over.next != &backend->over)
		shim_assert(work_pending(&backend->give_back.work));
	if (backend->lost)
		shim_assert(!subchannel_flags(sch));
}

/* Check that anything that is to be done is being done, or will be. */
static void check_progress(struct fuzz_image *image,
			   const struct subchannel *sch, enum sch_state state)
{
	/* In a dying VM nothing goes on. */
	if (image->died)
		return;
	switch (state) {
	case SCH_START_PENDING:
		shim_assert(subchannel_active(sch) || image->css.shared.quiesced ||
			    busy(sch));
		break;
	case SCH_RESUME_PENDING:
		shim_assert(subchannel_active(sch) || image->css.shared.quiesced);
		break;
	case SCH_ACTIVE:
	case SCH_ACTIVE_STATUS:
		shim_assert(subchannel_active(sch) ||
			    subchannel_disconnected(sch));
		break;
	case SCH_HALT_PENDING:
		/* A worker completes a command that was pending. */
		shim_assert(sch->running || sch->pending ||
			    (sch->queued && chanprog_pending(&sch->program)));
		break;
	case SCH_CLEAR_PENDING:
		shim_assert(sch->running || sch->pending);
		break;
	default:
		break;
	}
}

/*
 * Check that a channel program has one runner while its function is in
 * progress.
 */
static void check_runner(const struct subchannel *sch, enum sch_state state)
{
	if (sch->running)
		shim_assert(state == SCH_ACTIVE || state == SCH_ACTIVE_STATUS ||
			    state == SCH_HALT_PENDING ||
			    state == SCH_CLEAR_PENDING ||
			    state == SCH_NOT_OPERATIONAL);
}

/* Check that nobody waits for a program that is not in progress. */
static void check_counted(const struct subchannel *sch)
{
	shim_assert(!sch->counted || subchannel_active(sch) ||
		    subchannel_disconnected(sch));
}

/*
 * Check that a command that is pending has a device that will complete it, and
 * no runner.
 */
static void check_pending(const struct subchannel *sch)
{
	if (!sch->pending)
		return;
	shim_assert(!sch->running);
	shim_assert(chanprog_pending(&sch->program));
	shim_assert(sch->ref.count > 1);
	shim_assert(sch->dev->ops->type || fuzz_device_incomplete(sch->dev));
}

/* Check that status and its interruption are pending together. */
static void check_interruption(struct fuzz_image *image,
			       const struct subchannel *sch)
{
	bool pending = fake_pending(&image->guest.guest, sch->sid);
	bool status = subchannel_flags(sch) & SCSW_SC_PENDING;

	if (pending)
		shim_assert(status && sch->int_queued);
	if (sch->int_queued) {
		shim_assert(status);
		shim_assert(pending || fuzz_accepted(&image->guest, sch->sid));
	} else if (status && !image->died && !sch->broken) {
		/* Nobody tries again for a VM that has died. */
		shim_assert(delayed_work_pending(&image->css.requeue));
	}
}

static void check_subchannel(struct fuzz_image *image, struct subchannel *sch)
{
	enum sch_state state;

	mutex_lock(&sch->lock);
	state = subchannel_state(sch);
	/* What is shown of a backend's activity may be anything. */
	if (state == SCH_BROKEN && !sch->backend)
		shim_bug("subchannel %08x can't be in this state: %08x, PMCW %04x",
			 sch->sid, subchannel_flags(sch),
			 be16_to_cpu(sch->schib.pmcw.flags));
	shim_assert(!sch->broken || sch->backend);
	shim_assert(!sch->gone);
	shim_assert(sch->resetting ? subchannel_active(sch) : true);
	check_counted(sch);
	if (sch->backend) {
		check_backend(sch);
	} else {
		check_progress(image, sch, state);
		check_presented(image, sch, state);
		check_runner(sch, state);
		check_pending(sch);
	}
	check_interruption(image, sch);
	shim_assert(sch->stats.completed <= sch->stats.started ||
		    image->restored);
	shim_assert(sch->schib.pmcw.flags & cpu_to_be16(PMCW_VALID) ||
		    sch->backend);
	mutex_unlock(&sch->lock);
}

void image_check(struct fuzz_image *image)
{
	struct subchannel *sch;
	unsigned int paths = 0;
	u8 seat;

	fuzz_unit_check();
	fuzz_host_check();
	for (seat = 0; seat < IMAGE_SEATS; seat++) {
		sch = css_find(&image->css, image_sid(seat));
		/* A device number is in use as long as its device exists. */
		shim_assert(number_map_has(&image->css.devnos[seats[seat].ssid],
					   seats[seat].devno) == !!sch);
		if (!sch) {
			shim_assert(!fake_pending(&image->guest.guest,
						  image_sid(seat)));
			continue;
		}
		check_subchannel(image, sch);
		paths++;
		subchannel_put(sch);
	}
	shim_assert(image->css.paths[seats[0].chpid] == paths);
	shim_assert(image->css.crws.nr <= CRW_PENDING);
}

/* Begin and end */

void image_begin(struct fuzz_image *image, struct fuzz_input *in,
		 void (*during)(void))
{
	u8 how = take8(in);
	u8 wrong = take8(in), i;

	fuzz_guest_begin(&image->guest);
	memset(image->vcpus, 0, sizeof(*image) - offsetof(struct fuzz_image, vcpus));
	for (i = 0; i < SHIM_CONTEXTS; i++)
		fake_vcpu_init(&image->vcpus[i], &image->guest.guest);
	/* Asked for what is added beside a VMM's only; one is, and one isn't. */
	image->guest.guest.notifies = image_sid(1);
	image->in = in;
	image->file = fuzz_file_open(wrong, how >> 1);
	image->guest.during = during;
	fuzz_host_begin(&image->guest, in);
	shim_assert(!css_init(&image->css, &image->guest.guest, how & 1));
	for (i = 0; i < IMAGE_SEATS; i++)
		image_add(image, i);
}

void image_end(struct fuzz_image *image)
{
	u8 how = take8(image->in);

	image->guest.during = NULL;
	if (how & 2)
		fuzz_unit_end();
	if (how & 1) {
		css_stop(&image->css);
		shim_assert(!image->guest.guest.nr_pending);
		shim_pump(true);
	}
	css_destroy(&image->css);
	fuzz_unit_end();
	fuzz_host_end();
	fuzz_guest_end(&image->guest);
	shim_assert(!image->guest.guest.nr_pending);
	fuzz_file_close(image->file);
}
