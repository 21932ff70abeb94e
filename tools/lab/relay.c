// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a program on a pseudo-terminal and carries that terminal over the 3215 console.
 *
 * A 3215 transfers lines, in EBCDIC, and Hercules keeps 150 characters of what one channel
 * program writes. So the terminal's bytes go as lines of base64 that are shorter than that,
 * each written by a channel program of its own.
 *
 * To the console:	~T<base64>		output
 *			~A			input line taken
 *			~E<status>		the program has ended
 * From the console:	I<base64>		input
 *			W<rows> <columns>	size of the window
 *
 * The other side, tools/lab/shell.py, sends the next input line only after ~A: a 3215 has room
 * for one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define CHUNK		96	/* 128 characters of base64 */
#define LINE		256	/* more than a 3215 can type */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int console;
static int terminal;

static void die(const char *what)
{
	fprintf(stderr, "lab: relay: %s: %s\n", what, strerror(errno));
	exit(125);
}

static size_t encode(char *to, const unsigned char *from, size_t length)
{
	char *start = to;

	for (size_t i = 0; i < length; i += 3) {
		unsigned int bits = from[i] << 16;

		if (i + 1 < length)
			bits |= from[i + 1] << 8;
		if (i + 2 < length)
			bits |= from[i + 2];
		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = i + 1 < length ? digits[bits >> 6 & 63] : '=';
		*to++ = i + 2 < length ? digits[bits & 63] : '=';
	}
	return to - start;
}

static size_t decode(unsigned char *to, const char *from)
{
	unsigned char *start = to;
	unsigned int bits = 0, count = 0;

	for (; *from && *from != '='; from++) {
		const char *digit = strchr(digits, *from);

		if (!digit)
			break;
		bits = bits << 6 | (digit - digits);
		count += 6;
		if (count >= 8) {
			count -= 8;
			*to++ = bits >> count;
		}
	}
	return to - start;
}

/* Write a line and wait until the device has taken it. */
static void print_line(const char *line, size_t length)
{
	if (write(console, line, length) != (ssize_t)length)
		die("writing to the console");
	/*
	 * A flush makes this driver start the transfer now, instead of waiting
	 * for more.
	 */
	tcflush(console, TCOFLUSH);
	tcdrain(console);
}

static void output(const unsigned char *data, size_t length)
{
	char line[LINE] = "~T";
	size_t end = 2 + encode(line + 2, data, length);

	line[end++] = '\n';
	print_line(line, end);
}

static void input(char *line)
{
	unsigned char data[LINE];
	struct winsize size = { 0 };

	if (line[0] == 'I') {
		size_t length = decode(data, line + 1);

		/*
		 * This fails only if the program has ended, which the main loop
		 * finds out.
		 */
		if (write(terminal, data, length) < 0 && errno != EIO)
			die("writing to the terminal");
	} else if (sscanf(line, "W%hu %hu", &size.ws_row, &size.ws_col) == 2) {
		ioctl(terminal, TIOCSWINSZ, &size);
	}
	print_line("~A\n", 3);
}

static pid_t start(char **argv)
{
	const char *name;
	pid_t child;
	int fd;

	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0 || grantpt(terminal) || unlockpt(terminal))
		die("pseudo-terminal");
	name = ptsname(terminal);
	child = fork();
	if (child)
		return child;
	setsid();
	/* Which becomes the controlling terminal */
	fd = open(name, O_RDWR);
	if (fd < 0)
		die(name);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	execvp(argv[0], argv);
	die(argv[0]);
	return -1;
}

static void set_up_console(void)
{
	struct termios mode;

	console = open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (console < 0 || tcgetattr(console, &mode))
		die("/dev/console");
	mode.c_lflag &= ~(ECHO | ISIG | IEXTEN);
	mode.c_lflag |= ICANON;
	mode.c_oflag &= ~OPOST;
	if (tcsetattr(console, TCSANOW, &mode))
		die("setting up /dev/console");
}

int main(int argc, char **argv)
{
	unsigned char data[CHUNK];
	char line[LINE];
	ssize_t length;
	pid_t child;
	int status;

	if (argc < 2)
		return 125;
	set_up_console();
	child = start(argv + 1);
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = terminal, .events = POLLIN },
			{ .fd = console, .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			die("poll");
		if (fds[1].revents & POLLIN) {
			length = read(console, line, sizeof(line) - 1);
			if (length > 0) {
				line[length] = '\0';
				line[strcspn(line, "\r\n")] = '\0';
				input(line);
			}
		}
		if (fds[0].revents) {
			length = read(terminal, data, sizeof(data));
			if (length <= 0)
				/* Every process has closed it */
				break;
			output(data, length);
		}
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	length = snprintf(line, sizeof(line), "~E%d\n", status);
	print_line(line, length);
	return status;
}
