/* SPDX-License-Identifier: GPL-2.0 */
/* What the benchmark shows of what it has measured */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

/**
 * report_table() - print a line for each path and for the parts of a cycle
 */
void report_table(void);

/**
 * report_ratios() - print how paths compare
 */
void report_ratios(void);

/**
 * report_costs() - print what one more CCW, IDAW or page costs
 */
void report_costs(void);

/**
 * report_json() - write all of them into a file
 * @json_name: its name
 */
void report_json(const char *json_name);

#endif /* BENCH_REPORT_H */
