/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is behind the fuzzers' kernel headers: contexts, locks, work, waiting,
 * memory, time.  Everything runs in one thread, and is the same in each run.
 * Whatever the kernel forbids ends the process.
 *
 * A context is a thread of the kernel: a CPU of the guest, or a worker.  A new
 * context begins within another one where that may sleep, and ends before the
 * other goes on.  So it sees what a thread would see that runs while the other
 * sleeps.
 */
#ifndef _FUZZ_SHIM_H
#define _FUZZ_SHIM_H

#include <linux/types.h>

struct mutex;
struct shim_wait;
struct work_struct;
struct workqueue_struct;

/* How many contexts may be within each other */
#define SHIM_CONTEXTS		6

/* @nvcsw: how often the thread has slept */
struct task_struct {
	unsigned long nvcsw;
};

/**
 * struct shim_context - a thread
 * @task: the kernel's structure for it
 * @worker: the thread is a worker
 * @mutexes: how many mutexes it has locked
 * @atomic: how many sections it is in that may not sleep
 * @work: what it does as a worker
 */
struct shim_context {
	struct task_struct task;
	bool worker;
	unsigned int mutexes;
	unsigned int atomic;
	struct work_struct *work;
};

/**
 * shim_bug() - report a finding and end the process
 * @fmt: the finding, as for printf()
 */
void shim_bug(const char *fmt, ...) __printf(1, 2)
	__attribute__((__noreturn__));

#define shim_failed(file, line, cond) \
	shim_bug("%s:%d: expected %s", file, line, cond)

/* Report a finding unless @cond holds */
#define shim_assert(cond) \
	do { if (!(cond)) shim_failed(__FILE__, __LINE__, #cond); } while (0)

/**
 * shim_begin() - reset everything for a new run of the fuzzer
 */
void shim_begin(void);

/**
 * shim_end() - end a run, and check that nothing is left
 */
void shim_end(void);

/* Contexts */

/**
 * shim_context() - find the current context
 *
 * Return: the context.
 */
struct shim_context *shim_context(void);

/**
 * shim_depth() - count the contexts around the current one
 *
 * Return: 0 for the first one.
 */
unsigned int shim_depth(void);

void shim_context_begin(bool worker);
void shim_context_end(void);

/**
 * shim_at_context_end() - have what a context leaves behind looked at
 * @function: called by each context before it ends, until the run is over
 */
void shim_at_context_end(void (*function)(void));

/**
 * shim_at_mutex_lock() - have something happen before the next mutex is locked
 * @function: called once, when a thread is about to lock a mutex and has none.  It may
 *	lock some itself
 */
void shim_at_mutex_lock(void (*function)(void));

void shim_might_sleep(void);
void shim_atomic_begin(void);
void shim_atomic_end(void);

/* Work */

struct workqueue_struct *shim_workqueue_alloc(void);
void shim_workqueue_destroy(struct workqueue_struct *wq);
void shim_workqueue_flush(struct workqueue_struct *wq);
bool shim_queue(struct workqueue_struct *wq, struct work_struct *work,
		unsigned long timer);
bool shim_requeue(struct workqueue_struct *wq, struct work_struct *work,
		  unsigned long timer);
bool shim_work_flush(struct work_struct *work);
bool shim_work_cancel(struct work_struct *work);
bool shim_work_dequeue(struct work_struct *work);
void shim_timer_start(struct work_struct *work, unsigned long timer);

/**
 * shim_pump() - let a worker execute the next work item
 * @timers: including delayed items, whose time passes then
 *
 * Return: false when there is nothing to do.
 */
bool shim_pump(bool timers);

/* Locks and waiting, see <linux/mutex.h> and <linux/wait.h> */

void shim_mutex_init(struct mutex *lock);
void shim_mutex_destroy(struct mutex *lock);
void shim_mutex_lock(struct mutex *lock);
void shim_mutex_unlock(struct mutex *lock);
void shim_wait_begin(struct shim_wait *wait);
bool shim_wait_sleep(struct shim_wait *wait);
long shim_wait_end(struct shim_wait *wait, bool holds);

/**
 * shim_patience() - set when a killable thread is killed while it waits
 * @turns: how many work items it waits for
 */
void shim_patience(unsigned int turns);

/* Memory and time */

void *shim_alloc(size_t size, bool atomic);
void shim_free(void *p);

/**
 * shim_fail_alloc() - let allocations fail
 * @good: how many succeed before that
 * @bad: how many fail after those
 */
void shim_fail_alloc(unsigned int good, unsigned int bad);

u64 shim_clock_ns(void);
void shim_time_passes(u64 ns);
void shim_sleep_us(unsigned long us);

#endif /* _FUZZ_SHIM_H */
