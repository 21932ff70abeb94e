// SPDX-License-Identifier: GPL-2.0
/*
 * A driver for the test control unit, for a Linux guest.  It starts the channel
 * program that is written to one file, and shows in another file what the
 * common I/O layer has handed to the driver.
 *
 * program	(written) a chain of CCWs with commas between them.  Each is
 *		command code, flags and data in hexadecimal:
 *		"1b/00/0400000000004e20,03/20/00".  The driver adds command
 *		chaining to all but the last CCW.
 * seen		(read) a line for each call of the interruption handler since
 *		the program was started: "program", or "nobody" if no program
 *		caused the interruption; function, activity and status control,
 *		deferred condition code, device and subchannel status, and byte
 *		0 of the concurrent sense data if there are any.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <asm/ccwdev.h>
#include <asm/cio.h>
#include <asm/scsw.h>

#define CU_TYPE		0x0c55
#define CCWS		4
#define DATA		32
#define LINES		8

/* What the channel subsystem accesses; it must be below 2 GiB. */
struct area {
	struct ccw1 ccws[CCWS];
	u8 data[CCWS][DATA];
};

struct present {
	struct area *area;
	char lines[LINES][64];
	unsigned int nr;
};

static void present_irq(struct ccw_device *cdev, unsigned long intparm,
			struct irb *irb)
{
	struct present *present = dev_get_drvdata(&cdev->dev);
	const struct cmd_scsw *scsw;
	char sense[8] = "-";
	char *line;

	if (present->nr == LINES)
		return;
	line = present->lines[present->nr++];
	if (IS_ERR(irb)) {
		snprintf(line, sizeof(present->lines[0]), "error %ld",
			 PTR_ERR(irb));
		return;
	}
	scsw = &irb->scsw.cmd;
	if (irb->esw.esw0.erw.cons)
		snprintf(sense, sizeof(sense), "%02x", irb->ecw[0]);
	snprintf(line, sizeof(present->lines[0]),
		 "%s fc %x ac %02x sc %02x cc %d status %02x%02x sense %s",
		 intparm ? "program" : "nobody", scsw->fctl, scsw->actl,
		 scsw->stctl, scsw->cc, scsw->dstat, scsw->cstat, sense);
}

/* Build a CCW from the text between two commas. */
static int parse_ccw(struct area *area, unsigned int nr, char *text)
{
	struct ccw1 *ccw = &area->ccws[nr];
	char *cmd = strsep(&text, "/"), *flags = strsep(&text, "/");
	const u32 cda = virt_to_phys(area->data[nr % CCWS]);
	size_t len;

	if (nr == CCWS || !text || !flags)
		return -EINVAL;
	len = strlen(text);
	if (!len || len % 2 || len / 2 > DATA ||
	    hex2bin(area->data[nr], text, len / 2) ||
	    kstrtou8(cmd, 16, &ccw->cmd_code) ||
	    kstrtou8(flags, 16, &ccw->flags))
		return -EINVAL;
	ccw->count = len / 2;
	/*
	 * Some kernels have a type of its own for this address, others a
	 * number.
	 */
	memcpy(&ccw->cda, &cda, sizeof(cda));
	if (nr)
		ccw[-1].flags |= CCW_FLAG_CC;
	return 0;
}

static ssize_t program_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct present *present = dev_get_drvdata(dev);
	struct ccw_device *cdev = to_ccwdev(dev);
	char *copy = kstrndup(buf, count, GFP_KERNEL);
	char *rest = copy ? strim(copy) : NULL;
	unsigned int nr = 0;
	int rc = 0;

	if (!copy)
		return -ENOMEM;
	memset(present->area, 0, sizeof(*present->area));
	while (!rc && rest)
		rc = parse_ccw(present->area, nr++, strsep(&rest, ","));
	spin_lock_irq(get_ccwdev_lock(cdev));
	if (!rc) {
		present->nr = 0;
		rc = ccw_device_start(cdev, present->area->ccws, 1, 0, 0);
	}
	spin_unlock_irq(get_ccwdev_lock(cdev));
	kfree(copy);
	return rc ?: count;
}
static DEVICE_ATTR_WO(program);

static ssize_t seen_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct present *present = dev_get_drvdata(dev);
	struct ccw_device *cdev = to_ccwdev(dev);
	unsigned int i;
	int len = 0;

	spin_lock_irq(get_ccwdev_lock(cdev));
	for (i = 0; i < present->nr; i++)
		len += sysfs_emit_at(buf, len, "%s\n", present->lines[i]);
	spin_unlock_irq(get_ccwdev_lock(cdev));
	return len;
}
static DEVICE_ATTR_RO(seen);

static struct attribute *present_attrs[] = {
	&dev_attr_program.attr,
	&dev_attr_seen.attr,
	NULL
};
ATTRIBUTE_GROUPS(present);

static int present_probe(struct ccw_device *cdev)
{
	struct present *present = kzalloc(sizeof(*present), GFP_KERNEL);

	if (!present)
		return -ENOMEM;
	present->area = kzalloc(sizeof(*present->area), GFP_KERNEL | GFP_DMA);
	if (!present->area) {
		kfree(present);
		return -ENOMEM;
	}
	dev_set_drvdata(&cdev->dev, present);
	cdev->handler = present_irq;
	return 0;
}

static void present_remove(struct ccw_device *cdev)
{
	struct present *present = dev_get_drvdata(&cdev->dev);

	cdev->handler = NULL;
	dev_set_drvdata(&cdev->dev, NULL);
	kfree(present->area);
	kfree(present);
}

static int present_line(struct ccw_device *cdev)
{
	return 0;
}

static struct ccw_device_id present_ids[] = {
	{ CCW_DEVICE(CU_TYPE, 0) },
	{}
};
MODULE_DEVICE_TABLE(ccw, present_ids);

static struct ccw_driver present_driver = {
	.driver = {
		.owner = THIS_MODULE,
		.name = "present",
		.dev_groups = present_groups,
	},
	.ids = present_ids,
	.probe = present_probe,
	.remove = present_remove,
	.set_online = present_line,
	.set_offline = present_line,
	.int_class = IRQIO_CIO,
};

static int __init present_init(void)
{
	return ccw_driver_register(&present_driver);
}

static void __exit present_exit(void)
{
	ccw_driver_unregister(&present_driver);
}

module_init(present_init);
module_exit(present_exit);
MODULE_DESCRIPTION("Shows what the common I/O layer makes of a test control unit");
MODULE_LICENSE("GPL");
