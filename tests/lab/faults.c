/*
 * A fault injector: preloaded into every program of a peer (/etc/ld.so.preload), it counts the calls of libc that change
 * something, of all processes of ssh sessions together, and at call N kills or fails. sshd and nginx are left alone.
 *
 * /run/faults/plan, absent where nothing is to be counted, has a line for each fault, two at most:
 *
 *   N kill process|runner|all     the process that calls; the runner of the session; the runner, its parent and the caller
 *   N fail ERRNO once|lasting     that call, if it can fail so; or also, from then on, each one on a disk that can
 *   0 trace                       nothing is struck; the log gets a line for each call: N, the ERRNOs it can fail with, "disk" if
 *                                 it is on one, then as below
 *
 * /run/faults/state, as long as struct state and all zeros at first, is what the processes share. /run/faults/log gets a
 * line for each fault that struck: N, what it did, the call, its path, the program.
 *
 * A process belongs to a session if sshd started it, or if it descends from such a process: by its PID, which stays the
 * same through execve, whatever becomes of the environment (sudo, env -i). Programs that are linked statically load no
 * library, so they are not counted; Debian's busybox is not one of them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utime.h>

#define DIRECTORY "/run/faults/"
#define PIDS (1 << 18) /* one run starts some hundred processes: two with the same number modulo this do not meet */

struct state {
  atomic_uint calls;
  atomic_int runner, parent;
  _Atomic uint8_t session[PIDS / 8]; /* descends from sshd */
  _Atomic uint8_t working[PIDS / 8]; /* descends from the runner */
};

enum effect { changes, grows, writes, syncs, signals };

struct fault {
  unsigned at;
  char what[16], whom[16], how[16];
  int error;
};

static struct state *state;
static struct fault faults[2];
static bool traces;

static bool is_in(_Atomic uint8_t *set, int pid) {
  return set[pid % PIDS / 8] >> pid % 8 & 1;
}

static void put_in(_Atomic uint8_t *set, int pid) {
  atomic_fetch_or(&set[pid % PIDS / 8], (uint8_t)(1 << pid % 8));
}

/* By system calls, since these functions are among those that are counted. */
static int open_raw(const char *path, int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644);
}

static void read_text(const char *path, char *text, size_t size) {
  int fd = open_raw(path, O_RDONLY);
  ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);
  text[length < 0 ? 0 : length] = 0;
  if (fd >= 0) syscall(SYS_close, fd);
}

static const struct { const char *name; int error; } errors[] = {
  {"EIO", EIO}, {"EPERM", EPERM}, {"ENOSPC", ENOSPC}, {"EROFS", EROFS},
};
#define ERRORS (sizeof errors / sizeof *errors)

static int error_named(const char *name) {
  for (size_t i = 0; i < ERRORS; i++)
    if (!strcmp(name, errors[i].name)) return errors[i].error;
  return EIO;
}

static void read_plan(char *text) {
  traces = !strncmp(text, "0 trace", 7);
  for (int i = 0; i < 2 && *text; i++) {
    if (sscanf(text, "%u %15s %15s %15s", &faults[i].at, faults[i].what, faults[i].whom, faults[i].how) >= 3)
      faults[i].error = error_named(faults[i].whom);
    text = strchr(text, '\n');
    if (!text++) break;
  }
}

static void in_child(void) {
  int pid = getpid(), parent = getppid();
  put_in(state->session, pid);
  if (is_in(state->working, parent)) put_in(state->working, pid);
}

__attribute__((constructor)) static void begin(void) {
  char plan[256], name[64], parent_name[64];
  int pid = getpid(), parent = getppid(), fd, saved = errno;
  read_text(DIRECTORY "plan", plan, sizeof plan);
  if (!*plan || (fd = open_raw(DIRECTORY "state", O_RDWR)) < 0) goto out;
  struct state *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (shared == MAP_FAILED) goto out;
  if (!is_in(shared->session, pid) && !is_in(shared->session, parent)) {
    snprintf(name, sizeof name, "/proc/%d/comm", parent);
    read_text(name, parent_name, sizeof parent_name);
    read_text("/proc/self/comm", name, sizeof name);
    if (strncmp(parent_name, "sshd", 4) || !strncmp(name, "sshd", 4)) {
      munmap(shared, sizeof *shared);
      goto out;
    }
  }
  put_in(shared->session, pid);
  if (is_in(shared->working, parent)) {
    put_in(shared->working, pid);
  } else if (getenv("NGINX_SYNC_RUNNER") && !is_in(shared->working, pid)) {
    put_in(shared->working, pid);
    shared->runner = pid;
    shared->parent = parent;
  }
  read_plan(plan);
  state = shared;
  pthread_atfork(NULL, NULL, in_child);
out:
  errno = saved;
}

static void note(unsigned n, const char *what, const char *call, int fd, const char *path) {
  char line[PATH_MAX + 512], name[64], link[64], target[PATH_MAX];
  read_text("/proc/self/comm", name, sizeof name);
  name[strcspn(name, "\n")] = 0;
  if (!path) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    path = target;
  }
  int length = snprintf(line, sizeof line, "%u %s: %s %.3000s (%s)\n", n, what, call, path, name);
  int log = open_raw(DIRECTORY "log", O_WRONLY | O_CREAT | O_APPEND);
  if (log < 0) return;
  syscall(SYS_write, log, line, length);
  syscall(SYS_close, log);
}

/* What is in memory is on no disk: /run with the lock, /dev, /tmp. */
static bool is_on_disk(int fd, const char *path) {
  static const char *const memory[] = {"/run", "/dev", "/tmp"};
  struct stat place, other;
  if (path) {
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    if (fstatat(fd, parent, &place, 0)) return true;
  } else if (fstat(fd, &place)) {
    return true;
  }
  for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
    if (!stat(memory[i], &other) && other.st_dev == place.st_dev) return false;
  return true;
}

static bool can_fail(int error, enum effect effect) {
  switch (error) {
    case ENOSPC: return effect == grows || effect == writes;
    case EROFS: return effect == changes || effect == grows;
    case EPERM: return effect == changes || effect == grows || effect == signals;
    default: return effect != signals;
  }
}

static void kill_raw(int pid) {
  if (pid > 0) syscall(SYS_kill, pid, SIGKILL);
}

static void strike_dead(const struct fault *fault) {
  int runner = state->runner, parent = state->parent;
  if (!strcmp(fault->whom, "all")) kill_raw(parent);
  if (strcmp(fault->whom, "process")) kill_raw(runner);
  if (strcmp(fault->whom, "runner") || !runner) kill_raw(getpid());
}

static void trace(unsigned n, const char *call, enum effect effect, int fd, const char *path) {
  char what[64] = "";
  for (size_t i = 0; i < ERRORS; i++)
    if (can_fail(errors[i].error, effect)) strcat(strcat(what, errors[i].name), " ");
  if (effect != signals && is_on_disk(fd, path)) strcat(what, "disk");
  note(n, what, call, fd, path);
}

/* The error that a call fails with, or 0. The place is a path, relative to fd, or fd itself. */
static int strike(const char *call, enum effect effect, int fd, const char *path) {
  if (!state) return 0;
  int saved = errno, error = 0;
  char what[64];
  unsigned n = atomic_fetch_add(&state->calls, 1) + 1;
  if (traces) trace(n, call, effect, fd, path);
  for (int i = 0; i < 2; i++) {
    const struct fault *fault = &faults[i];
    if (!fault->at || n < fault->at) continue;
    bool is_kill = !strcmp(fault->what, "kill");
    if (n == fault->at) {
      if (!is_kill && !can_fail(fault->error, effect)) continue;
      snprintf(what, sizeof what, "%s %s %s", fault->what, fault->whom, fault->how);
      note(n, what, call, fd, path);
      if (is_kill) strike_dead(fault);
      else error = fault->error;
    } else if (!is_kill && !strcmp(fault->how, "lasting") && can_fail(fault->error, effect) &&
               effect != signals && is_on_disk(fd, path)) {
      error = fault->error;
    }
  }
  errno = saved;
  return error;
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define FAILED(name, effect, fd, path) \
  int error_ = strike(name, effect, fd, path); \
  if (error_) return errno = error_, -1

/* NAME, what it returns, its parameters, its arguments, what it does, where. */
#define COUNTED(type, name, parameters, arguments, effect, fd, path) \
  type name parameters { \
    REAL(name); \
    FAILED(#name, effect, fd, path); \
    return real arguments; \
  }

#define HERE AT_FDCWD

COUNTED(int, rename, (const char *from, const char *to), (from, to), changes, HERE, to)
COUNTED(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), changes, b, to)
COUNTED(int, renameat2, (int a, const char *from, int b, const char *to, unsigned how), (a, from, b, to, how), changes, b, to)
COUNTED(int, link, (const char *from, const char *to), (from, to), grows, HERE, to)
COUNTED(int, linkat, (int a, const char *from, int b, const char *to, int how), (a, from, b, to, how), grows, b, to)
COUNTED(int, symlink, (const char *target, const char *to), (target, to), grows, HERE, to)
COUNTED(int, symlinkat, (const char *target, int b, const char *to), (target, b, to), grows, b, to)
COUNTED(int, unlink, (const char *path), (path), changes, HERE, path)
COUNTED(int, unlinkat, (int fd, const char *path, int how), (fd, path, how), changes, fd, path)
COUNTED(int, remove, (const char *path), (path), changes, HERE, path)
COUNTED(int, rmdir, (const char *path), (path), changes, HERE, path)
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode), grows, HERE, path)
COUNTED(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), grows, fd, path)
COUNTED(int, mknod, (const char *path, mode_t mode, dev_t device), (path, mode, device), grows, HERE, path)
COUNTED(int, mknodat, (int fd, const char *path, mode_t mode, dev_t device), (fd, path, mode, device), grows, fd, path)
COUNTED(int, mkfifo, (const char *path, mode_t mode), (path, mode), grows, HERE, path)
COUNTED(int, mkstemp, (char *name), (name), grows, HERE, name)
COUNTED(int, mkstemp64, (char *name), (name), grows, HERE, name)
COUNTED(int, chmod, (const char *path, mode_t mode), (path, mode), changes, HERE, path)
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode), changes, fd, NULL)
COUNTED(int, fchmodat, (int fd, const char *path, mode_t mode, int how), (fd, path, mode, how), changes, fd, path)
COUNTED(int, chown, (const char *path, uid_t user, gid_t group), (path, user, group), changes, HERE, path)
COUNTED(int, lchown, (const char *path, uid_t user, gid_t group), (path, user, group), changes, HERE, path)
COUNTED(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), changes, fd, NULL)
COUNTED(int, fchownat, (int fd, const char *path, uid_t u, gid_t g, int how), (fd, path, u, g, how), changes, fd, path)
COUNTED(int, truncate, (const char *path, off_t length), (path, length), changes, HERE, path)
COUNTED(int, truncate64, (const char *path, off64_t length), (path, length), changes, HERE, path)
COUNTED(int, ftruncate, (int fd, off_t length), (fd, length), writes, fd, NULL)
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length), writes, fd, NULL)
COUNTED(int, fallocate, (int fd, int mode, off_t from, off_t length), (fd, mode, from, length), writes, fd, NULL)
COUNTED(int, fsync, (int fd), (fd), syncs, fd, NULL)
COUNTED(int, fdatasync, (int fd), (fd), syncs, fd, NULL)
COUNTED(int, syncfs, (int fd), (fd), syncs, fd, NULL)
COUNTED(int, utimensat, (int fd, const char *path, const struct timespec t[2], int how), (fd, path, t, how), changes, fd, path)
COUNTED(int, futimens, (int fd, const struct timespec t[2]), (fd, t), changes, fd, NULL)
COUNTED(int, utimes, (const char *path, const struct timeval t[2]), (path, t), changes, HERE, path)
COUNTED(int, utime, (const char *path, const struct utimbuf *t), (path, t), changes, HERE, path)
COUNTED(int, setxattr, (const char *path, const char *name, const void *value, size_t size, int how), (path, name, value, size, how), changes, HERE, path)
COUNTED(int, lsetxattr, (const char *path, const char *name, const void *value, size_t size, int how), (path, name, value, size, how), changes, HERE, path)
COUNTED(int, mount, (const char *source, const char *target, const char *type, unsigned long flags, const void *data), (source, target, type, flags, data), changes, HERE, target)

/* Signal 0 only asks. */
int kill(pid_t pid, int signal) {
  REAL(kill);
  if (signal != 0) {
    FAILED("kill", signals, HERE, "");
  }
  return real(pid, signal);
}

/* It cannot fail. */
void sync(void) {
  REAL(sync);
  strike("sync", signals, HERE, "");
  real();
}

/* Pipes and terminals are no files: nothing there is lasting. */
static bool is_file(int fd) {
  struct stat status;
  return state && !fstat(fd, &status) && S_ISREG(status.st_mode);
}

#define WRITTEN(name, parameters, arguments) \
  ssize_t name parameters { \
    REAL(name); \
    if (is_file(fd)) { \
      FAILED(#name, writes, fd, NULL); \
    } \
    return real arguments; \
  }

WRITTEN(write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
WRITTEN(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
WRITTEN(pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
WRITTEN(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
WRITTEN(copy_file_range, (int from, off64_t *a, int fd, off64_t *b, size_t count, unsigned how), (from, a, fd, b, count, how))
WRITTEN(sendfile, (int fd, int from, off_t *at, size_t count), (fd, from, at, count))
WRITTEN(sendfile64, (int fd, int from, off64_t *at, size_t count), (fd, from, at, count))

static bool is_change(const char *path, int flags) {
  return state && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) && strncmp(path, "/dev/", 5) && strncmp(path, "/proc/", 6);
}

#define OPENED(name, parameters, fd, path, flags, arguments) \
  int name parameters { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
      va_list more; \
      va_start(more, flags); \
      mode = va_arg(more, mode_t); \
      va_end(more); \
    } \
    REAL(name); \
    if (is_change(path, flags)) { \
      FAILED(#name, flags & O_CREAT ? grows : changes, fd, path); \
    } \
    return real arguments; \
  }

OPENED(open, (const char *path, int flags, ...), HERE, path, flags, (path, flags, mode))
OPENED(open64, (const char *path, int flags, ...), HERE, path, flags, (path, flags, mode))
OPENED(openat, (int fd, const char *path, int flags, ...), fd, path, flags, (fd, path, flags, mode))
OPENED(openat64, (int fd, const char *path, int flags, ...), fd, path, flags, (fd, path, flags, mode))

/* What _FORTIFY_SOURCE makes of them where no mode is given. */
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }
int __openat_2(int fd, const char *path, int flags) { return openat(fd, path, flags); }
int __openat64_2(int fd, const char *path, int flags) { return openat64(fd, path, flags); }

COUNTED(int, creat, (const char *path, mode_t mode), (path, mode), grows, HERE, path)
COUNTED(int, creat64, (const char *path, mode_t mode), (path, mode), grows, HERE, path)

#define FILE_OPENED(name, parameters, arguments) \
  FILE *name parameters { \
    REAL(name); \
    if (is_change(path, strpbrk(mode, "wa+") ? O_WRONLY : 0)) { \
      int error = strike(#name, grows, HERE, path); \
      if (error) return errno = error, NULL; \
    } \
    return real arguments; \
  }

FILE_OPENED(fopen, (const char *path, const char *mode), (path, mode))
FILE_OPENED(fopen64, (const char *path, const char *mode), (path, mode))
