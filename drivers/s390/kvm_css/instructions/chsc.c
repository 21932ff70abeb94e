// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of CHANNEL SUBSYSTEM CALL that the kernel implements.
 *
 * Every command checks its request in the same order: length and reserved bits,
 * format, image, range.  The first error determines the response code.  The
 * request was copied from guest storage once; the commands see only the copy.
 *
 * When a request asks for more descriptions than fit into the block, the
 * response has as many as fit, beginning with the first, and its length says
 * how many they are.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kvm_css/chsc.h>
#include <kvm_css/css.h>
#include <kvm_css/subchannel.h>

/* Does the request have the length of its command, and zeros where it must? */
static bool well_formed(const struct css_chsc_request *request, u32 length,
			u32 zeros1, u32 zeros2, u32 zeros3)
{
	return be16_to_cpu(request->length) == length &&
	       !(be32_to_cpu(request->word1) & zeros1) &&
	       !(be32_to_cpu(request->word2) & zeros2) &&
	       !(be32_to_cpu(request->word3) & zeros3);
}

/*
 * With M zero the program means its own image, and the CSSID must be zero.
 * With M one the CSSID names the image, even if MCSS-E is not enabled.
 */
static bool image_there(bool m, u8 cssid)
{
	return m ? cssid == CSS_IMAGE : !cssid;
}

/* Store channel-path description */

static u8 first_path(const struct css_chsc_request *request)
{
	return be32_to_cpu(request->word1) & CHSC_PATHS_FIRST;
}

static u8 last_path(const struct css_chsc_request *request)
{
	return be32_to_cpu(request->word2) & CHSC_PATHS_LAST;
}

static u16 paths_code(const struct css_chsc_request *request)
{
	u32 word1 = be32_to_cpu(request->word1);

	if (!well_formed(request, CHSC_PATHS_LENGTH, CHSC_PATHS_ZEROS1,
			 CHSC_PATHS_ZEROS2, ~0u))
		return CHSC_INVALID_REQUEST;
	if (word1 & (CHSC_PATHS_FORMAT | CHSC_PATHS_RFMT))
		return CHSC_INVALID_FORMAT;
	if (!image_there(word1 & CHSC_PATHS_M,
			 (word1 & CHSC_PATHS_CSSID) >> CHSC_PATHS_CSSID_SHIFT))
		return CHSC_NO_IMAGE;
	if (first_path(request) > last_path(request))
		return CHSC_INVALID_REQUEST;
	return CHSC_DONE;
}

/*
 * Return: the length of the descriptions; there is one for each existing path.
 */
static u32 store_paths(struct css *css, const struct css_chsc_request *request,
		       struct css_chsc_answer *answer)
{
	bool format1 = be32_to_cpu(request->word1) & CHSC_PATHS_C;
	u32 chpid, last = last_path(request), max, nr = 0;

	max = format1 ? ARRAY_SIZE(answer->path1) : ARRAY_SIZE(answer->path0);
	for (chpid = first_path(request); chpid <= last && nr < max; chpid++) {
		if (!css_path_there(css, chpid))
			continue;
		if (format1)
			answer->path1[nr++] = (struct css_chsc_path1){
				.flags = CHSC_PATH_VALID,
				.type = CHSC_PATH_VIRTUAL,
				.chpid = chpid,
			};
		else
			answer->path0[nr++] = (struct css_chsc_path0){
				.flags = CHSC_PATH_VALID,
				.type = CHSC_PATH_VIRTUAL,
				.chpid = chpid,
			};
	}
	answer->head.parameter = cpu_to_be32(format1);
	return nr * (format1 ? sizeof(answer->path1[0]) :
			       sizeof(answer->path0[0]));
}

/* Store subchannel description */

static u8 set_asked(const struct css_chsc_request *request)
{
	return (be32_to_cpu(request->word1) & CHSC_SUBCHANNELS_SSID) >>
	       CHSC_SUBCHANNELS_SSID_SHIFT;
}

static u16 first_subchannel(const struct css_chsc_request *request)
{
	return be32_to_cpu(request->word1) & CHSC_SUBCHANNELS_FIRST;
}

static u16 last_subchannel(const struct css_chsc_request *request)
{
	return be32_to_cpu(request->word2) & CHSC_SUBCHANNELS_LAST;
}

static u16 subchannels_code(const struct css *css,
			    const struct css_chsc_request *request)
{
	if (!well_formed(request, CHSC_SUBCHANNELS_LENGTH,
			 CHSC_SUBCHANNELS_ZEROS1, CHSC_SUBCHANNELS_ZEROS2, ~0u))
		return CHSC_INVALID_REQUEST;
	if (be32_to_cpu(request->word1) & CHSC_SUBCHANNELS_FORMAT)
		return CHSC_INVALID_FORMAT;
	/*
	 * As in a subsystem-identification word, see sid_valid() in ioinst.c.
	 */
	if (css->alone && !READ_ONCE(css->mss) && set_asked(request))
		return CHSC_INVALID_REQUEST;
	if (first_subchannel(request) > last_subchannel(request))
		return CHSC_INVALID_REQUEST;
	return CHSC_DONE;
}

/*
 * Describe a subchannel as STORE SUBCHANNEL does.  @sc is zeros, and stays so
 * when there is no subchannel.
 */
static void describe_subchannel(struct css *css, u8 ssid, u16 schid,
				struct css_chsc_subchannel *sc)
{
	struct subchannel *sch;
	struct css_schib schib;
	bool there = false;
	bool vacant;

	sch = css_lookup(css, css_sid(ssid, schid), &vacant);
	if (sch) {
		there = subchannel_store(sch, &schib) == IOINST_CC_EXPECTED;
		subchannel_put(sch);
	}
	/* The device is gone, but not its number. */
	if (there && !(schib.pmcw.flags & cpu_to_be16(PMCW_VALID))) {
		there = false;
		vacant = true;
	}
	if (there) {
		sc->flags = CHSC_SUBCHANNEL_VALID | CHSC_SUBCHANNEL_DEVICE;
		sc->unit_address = be16_to_cpu(schib.pmcw.devno);
		sc->devno = schib.pmcw.devno;
		sc->path_mask = schib.pmcw.pim;
		sc->number = cpu_to_be16(schid);
		memcpy(sc->chpid, schib.pmcw.chpid, sizeof(sc->chpid));
	} else if (vacant) {
		sc->flags = CHSC_SUBCHANNEL_VALID;
		sc->number = cpu_to_be16(schid);
	}
}

/* Return: the length of the descriptions; there is one for each number. */
static u32 store_subchannels(struct css *css,
			     const struct css_chsc_request *request,
			     struct css_chsc_answer *answer)
{
	u32 i, nr, first = first_subchannel(request);

	nr = min_t(u32, last_subchannel(request) - first + 1,
		   ARRAY_SIZE(answer->subchannel));
	for (i = 0; i < nr; i++)
		describe_subchannel(css, set_asked(request), first + i,
				    &answer->subchannel[i]);
	return nr * sizeof(answer->subchannel[0]);
}

/* Store event information; there are never any events. */

static u16 event_code(const struct css_chsc_request *request)
{
	if (!well_formed(request, CHSC_EVENT_LENGTH, ~0u, 0, 0))
		return CHSC_INVALID_REQUEST;
	return CHSC_NO_EVENT;
}

/* Store channel-subsystem characteristics */

static u16 chars_code(const struct css_chsc_request *request)
{
	u32 word1 = be32_to_cpu(request->word1);

	if (!well_formed(request, CHSC_CHARS_LENGTH, CHSC_CHARS_ZEROS1, ~0u,
			 ~0u))
		return CHSC_INVALID_REQUEST;
	if (word1 & CHSC_CHARS_FORMAT)
		return CHSC_INVALID_FORMAT;
	if (!image_there(word1 & CHSC_CHARS_M,
			 (word1 & CHSC_CHARS_CSSID) >> CHSC_CHARS_CSSID_SHIFT))
		return CHSC_NO_IMAGE;
	return CHSC_DONE;
}

static void set_bit_be(__be32 *words, unsigned int bit)
{
	words[bit / 32] |= cpu_to_be32(1u << (31 - bit % 32));
}

/* The characteristics are those that the kernel's image has. */
static u32 store_chars(struct css_chsc_answer *answer)
{
	static const u8 general[] = {
		CHSC_GENERAL_CANCEL, CHSC_GENERAL_SENSE, CHSC_GENERAL_MCSS,
		CHSC_GENERAL_PATH1, CHSC_GENERAL_BLOCK1,
	};
	static const u8 chsc[] = { CHSC_CHSC_PATHS, CHSC_CHSC_SUBCHANNELS };
	int i;

	for (i = 0; i < ARRAY_SIZE(general); i++)
		set_bit_be(answer->chars.general, general[i]);
	for (i = 0; i < ARRAY_SIZE(chsc); i++)
		set_bit_be(answer->chars.chsc, chsc[i]);
	return sizeof(answer->chars);
}

/* Set domain attributes; the two operations here don't use the data area. */

static u16 operation(const struct css_chsc_request *request)
{
	return be32_to_cpu(request->word1) & CHSC_DOMAIN_OPERATION;
}

static u16 domain_code(const struct css_chsc_request *request)
{
	if (!well_formed(request, CHSC_DOMAIN_LENGTH, CHSC_DOMAIN_ZEROS1, 0, 0))
		return CHSC_INVALID_REQUEST;
	if (be32_to_cpu(request->word1) & CHSC_DOMAIN_FORMAT)
		return CHSC_INVALID_FORMAT;
	if (operation(request) != CHSC_ENABLE_MSS &&
	    operation(request) != CHSC_ENABLE_MCSSE)
		return CHSC_INVALID_REQUEST;
	return CHSC_DONE;
}

/* All commands */

static u16 response_code(const struct css *css,
			 const struct css_chsc_request *request)
{
	switch (be16_to_cpu(request->command)) {
	case CHSC_STORE_PATHS:
		return paths_code(request);
	case CHSC_STORE_SUBCHANNELS:
		return subchannels_code(css, request);
	case CHSC_STORE_EVENT:
		return event_code(request);
	case CHSC_STORE_CHARS:
		return chars_code(request);
	case CHSC_SET_DOMAIN:
		return domain_code(request);
	}
	return CHSC_NOT_PROVIDED;
}

void chsc_answer(struct css *css, const struct css_chsc_request *request,
		 struct css_chsc_answer *answer)
{
	u16 code = response_code(css, request);
	u32 length = 0;

	if (code == CHSC_DONE) {
		switch (be16_to_cpu(request->command)) {
		case CHSC_STORE_PATHS:
			length = store_paths(css, request, answer);
			break;
		case CHSC_STORE_SUBCHANNELS:
			length = store_subchannels(css, request, answer);
			break;
		case CHSC_STORE_CHARS:
			length = store_chars(answer);
			break;
		}
	}
	answer->head.length = cpu_to_be16(sizeof(answer->head) + length);
	answer->head.code = cpu_to_be16(code);
}

void chsc_done(struct css *css, const struct css_chsc_request *request)
{
	if (be16_to_cpu(request->command) != CHSC_SET_DOMAIN ||
	    domain_code(request) != CHSC_DONE)
		return;
	if (operation(request) == CHSC_ENABLE_MSS)
		css_enable_mss(css);
	else
		css_enable_mcsse(css);
}

/* Does the request ask for a channel path of the kernel's? */
static bool paths_ours(struct css *css, const struct css_chsc_request *request)
{
	u32 chpid, last = last_path(request);

	/* An image that the request names may be one of the VMM's. */
	if (be32_to_cpu(request->word1) & (CHSC_PATHS_M | CHSC_PATHS_CSSID))
		return false;
	for (chpid = first_path(request); chpid <= last; chpid++)
		if (css_path_there(css, chpid))
			return true;
	return false;
}

bool chsc_is_ours(struct css *css, const struct css_chsc_request *request)
{
	switch (be16_to_cpu(request->command)) {
	case CHSC_STORE_PATHS:
		return paths_ours(css, request);
	case CHSC_STORE_SUBCHANNELS:
		return css_any_in(css, set_asked(request),
				  first_subchannel(request),
				  last_subchannel(request));
	}
	return false;
}
