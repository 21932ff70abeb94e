// SPDX-License-Identifier: GPL-2.0
/*
 * Show how many programs the subchannels of a VM have run, in total or per
 * second.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cssctl.h"

#define INTERVAL_MIN		0.01
#define INTERVAL_MAX		86400.0

struct counters {
	struct sid sid;
	uint64_t started;
	uint64_t completed;
	uint64_t deferred;
};

struct sample {
	struct timespec time;
	struct counters *of;
	unsigned int nr;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

/* End the JSON document when a signal comes. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void keep(struct sample *sample, const struct kvm_css_query *query)
{
	/* Double the room whenever it is used up. */
	if (!(sample->nr & (sample->nr - 1))) {
		size_t room = sample->nr ? 2UL * sample->nr : 1;

		sample->of = realloc(sample->of, room * sizeof(*sample->of));
		if (!sample->of)
			out_of_memory();
	}
	sample->of[sample->nr++] = (struct counters){
		.sid = query_sid(query),
		.started = query->started,
		.completed = query->completed,
		.deferred = query->deferred,
	};
}

static struct sample take(int css)
{
	struct sample sample = { 0 };
	struct kvm_css_query query;
	struct walk walk = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &sample.time);
	while (!css_walk(css, &walk, 0, &query))
		keep(&sample, &query);
	return sample;
}

/*
 * Return what the same subchannel had before.  One that is new, or was removed
 * and added again, had nothing.
 */
static struct counters earlier(const struct sample *before,
			       const struct counters *now, unsigned int *at)
{
	uint32_t sid = now->sid.ssid << 16 | now->sid.schid;

	for (; *at < before->nr; (*at)++) {
		const struct counters *old = &before->of[*at];
		uint32_t old_sid = old->sid.ssid << 16 | old->sid.schid;

		if (old_sid > sid)
			break;
		if (old_sid == sid && old->started <= now->started &&
		    old->completed <= now->completed &&
		    old->deferred <= now->deferred)
			return *old;
	}
	return (struct counters){ 0 };
}

static double seconds_between(const struct timespec *from,
			      const struct timespec *to)
{
	return to->tv_sec - from->tv_sec +
	       (to->tv_nsec - from->tv_nsec) / 1e9;
}

static void json_row(const struct counters *now, const struct counters *old,
		     double seconds)
{
	char name[SID_NAME_SIZE];

	json_object(NULL);
	json_string("id", sid_name(now->sid, name));
	json_number("started", now->started);
	json_number("completed", now->completed);
	json_number("deferred", now->deferred);
	if (seconds > 0) {
		json_rate("started_per_second",
			  (now->started - old->started) / seconds);
		json_rate("completed_per_second",
			  (now->completed - old->completed) / seconds);
		json_rate("deferred_per_second",
			  (now->deferred - old->deferred) / seconds);
	}
	json_end();
}

static void print_row(const struct counters *now, const struct counters *old,
		      double seconds)
{
	char name[SID_NAME_SIZE];

	sid_name(now->sid, name);
	if (seconds > 0)
		printf("%-8s  %12.1f  %12.1f  %12.1f\n", name,
		       (now->started - old->started) / seconds,
		       (now->completed - old->completed) / seconds,
		       (now->deferred - old->deferred) / seconds);
	else
		printf("%-8s  %12llu  %12llu  %12llu\n", name,
		       (unsigned long long)now->started,
		       (unsigned long long)now->completed,
		       (unsigned long long)now->deferred);
}

/* Print a report.  If before is NULL, it has the totals. */
static void report(const struct sample *now, const struct sample *before)
{
	double seconds = before ?
		seconds_between(&before->time, &now->time) : 0;
	unsigned int i, at = 0;

	if (json_wanted) {
		json_object(NULL);
		if (before)
			json_number("milliseconds",
				    (uint64_t)(seconds * 1000));
		json_array("subchannels");
	} else {
		printf("%-8s  %12s  %12s  %12s\n", "ID",
		       before ? "STARTED/S" : "STARTED",
		       before ? "COMPLETED/S" : "COMPLETED",
		       before ? "DEFERRED/S" : "DEFERRED");
	}
	for (i = 0; i < now->nr; i++) {
		const struct counters *one = &now->of[i];
		struct counters old = { 0 };

		if (before)
			old = earlier(before, one, &at);
		if (json_wanted)
			json_row(one, &old, seconds);
		else
			print_row(one, &old, seconds);
	}
	if (json_wanted) {
		json_end();
		json_end();
	} else if (before) {
		putchar('\n');
	}
	finish();
}

/*
 * Move *until on by that many seconds, and wait until then.
 * Return: false if a signal came.
 */
static bool rest(struct timespec *until, double seconds)
{
	uint64_t ns = until->tv_nsec + (uint64_t)(seconds * 1e9);

	until->tv_sec += ns / 1000000000;
	until->tv_nsec = ns % 1000000000;
	while (!interrupted &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, until, NULL))
		;
	return !interrupted;
}

/*
 * Take a sample.  The VM's descriptor is open only meanwhile, because it keeps
 * the VM alive.  Return: false if the VM has ended.
 */
static bool look(const struct options *options, int pidfd,
		 struct sample *sample)
{
	struct vm vms[VMS_MAX];
	int nr, css;

	if (vm_ended(pidfd))
		return false;
	nr = vm_find(options->pid, pidfd, options->vm_fd, vms);
	if (!nr || nr == -ESRCH || (nr < 0 && vm_ended(pidfd)))
		return false;
	if (nr == 1) {
		css = css_of_vm(options, vms[0].fd, CSS_LOOK);
	} else {
		/* This ends with an error that says what is wrong. */
		vm_get(options->pid, pidfd, options->vm_fd);
		return false;
	}
	*sample = take(css);
	close(css);
	return true;
}

static double parse_interval(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!*text || *end || !(seconds >= INTERVAL_MIN) ||
	    !(seconds <= INTERVAL_MAX))
		fail(STATUS_USAGE,
		     "expected an interval from 0.01 to 86400 seconds, found \"%s\"",
		     text);
	return seconds;
}

static void repeat(const struct options *options, int pidfd,
		   struct sample *before, double seconds, uint64_t reports)
{
	struct timespec when = before->time;
	struct sample now;

	while (reports-- && rest(&when, seconds) &&
	       look(options, pidfd, &now)) {
		report(&now, before);
		free(before->of);
		*before = now;
	}
}

int run_stat(struct options *options)
{
	uint64_t reports = UINT64_MAX;
	struct sample first;
	double seconds = 0;
	int pidfd, css;

	if (options->nr_words > 0)
		seconds = parse_interval(options->words[0]);
	if (options->nr_words > 1 &&
	    (!parse_decimal(options->words[1], UINT32_MAX, &reports) ||
	     !reports))
		fail(STATUS_USAGE,
		     "expected a number of reports from 1 on, found \"%s\"",
		     options->words[1]);
	pidfd = vm_process(vm_pid(options));
	css = css_of_vm(options, vm_get(options->pid, pidfd, options->vm_fd),
			CSS_LOOK);
	first = take(css);
	close(css);
	if (json_wanted) {
		json_object(NULL);
		json_number("pid", options->pid);
		json_array("reports");
	}
	if (options->nr_words) {
		catch_signals();
		repeat(options, pidfd, &first, seconds, reports);
	} else {
		report(&first, NULL);
	}
	free(first.of);
	json_end_to(0);
	return STATUS_GOOD;
}
