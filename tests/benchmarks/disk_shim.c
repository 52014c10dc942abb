/* Stands between a program and the C library (LD_PRELOAD): records what is written under one folder, or lets a
   write fail. The record is a row of {kind, path, offset, length, data}; see safety_power.py, which reads it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FDS 4096
#define PATH 1024
#define WHOLE (2 * PATH)

static char *names[FDS];
static char prefix[PATH];
static size_t prefix_length;
static int record_to = -1;
static long calls, fail_from = -1;
static int fail_with, fail_on;

#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* Control, called through ctypes. */

void shim_watch(const char *folder, const char *record) {
    snprintf(prefix, sizeof prefix, "%s/", folder);
    prefix_length = strlen(prefix);
    record_to = record ? (int)syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
}
void shim_fail(long from, int with, int on) { calls = 0; fail_from = from; fail_with = with; fail_on = on; }
long shim_calls(void) { return calls; }

static const char *under(const char *path, char *whole) {
    if (!prefix_length) return NULL;
    if (path[0] != '/') {
        char here[PATH];
        if (syscall(SYS_getcwd, here, sizeof here) < 0) return NULL;
        snprintf(whole, WHOLE, "%s/%s", here, path);
        path = whole;
    }
    if (strncmp(path, prefix, prefix_length)) return NULL;
    return path + prefix_length;
}

static void put(const void *data, size_t length) {
    while (length) {
        ssize_t n = syscall(SYS_write, record_to, data, length);
        if (n <= 0) abort();
        data = (const char *)data + n;
        length -= (size_t)n;
    }
}

static void record(char kind, const char *path, uint64_t offset, const void *data, uint64_t length) {
    if (record_to < 0) return;
    uint16_t named = (uint16_t)strlen(path);
    put(&kind, 1); put(&named, 2); put(path, named); put(&offset, 8); put(&length, 8);
    if (data && length) put(data, length);
}

/* Whether this call must fail; counts the calls that change something. */
static int fails(void) {
    long now = ++calls;
    if (fail_from < 0 || now < fail_from || (!fail_on && now != fail_from)) return 0;
    errno = fail_with;
    return 1;
}

static void forget(int fd) {
    if (fd >= 0 && fd < FDS && names[fd]) { free(names[fd]); names[fd] = NULL; }
}
static const char *name_of(int fd) { return fd >= 0 && fd < FDS ? names[fd] : NULL; }

static void opened(int fd, const char *path, int flags, int was_there) {
    char whole[WHOLE];
    if (fd < 0 || fd >= FDS) return;
    forget(fd);
    const char *inside = under(path, whole);
    if (!inside) {
        /* The folder itself, which is flushed so that names in it reach the disk. */
        size_t length = strlen(path);
        if (prefix_length && length + 1 == prefix_length && !strncmp(path, prefix, length)) inside = "";
        else return;
    }
    names[fd] = strdup(inside);
    if ((flags & O_CREAT) && !was_there) record('c', inside, 0, NULL, 0);
    else if (flags & O_TRUNC) record('t', inside, 0, NULL, 0);
}

static int open_any(int at, const char *path, int flags, int mode, int big) {
    char whole[WHOLE];
    int was_there = 1, watched = at == AT_FDCWD && under(path, whole) != NULL;
    if (watched && (flags & O_CREAT)) {
        was_there = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
        if (!was_there && fails()) return -1;
    }
    int fd = (int)syscall(SYS_openat, at, path, flags | (big ? O_LARGEFILE : 0), mode);
    if (at == AT_FDCWD) opened(fd, path, flags, was_there);
    return fd;
}

#define MODE int mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); }
int open(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode, 0); }
int open64(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode, 1); }
int openat(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode, 0); }
int openat64(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode, 1); }

int close(int fd) { NEXT(close); forget(fd); return next(fd); }

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    NEXT(pwrite);
    const char *name = name_of(fd);
    if (name && fails()) return -1;
    ssize_t n = next(fd, data, length, offset);
    if (name && n > 0) record('w', name, (uint64_t)offset, data, (uint64_t)n);
    return n;
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return pwrite(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
    NEXT(write);
    const char *name = name_of(fd);
    off_t offset = 0;
    if (name) {
        if (fails()) return -1;
        offset = (fcntl(fd, F_GETFL) & O_APPEND) ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    }
    ssize_t n = next(fd, data, length);
    if (name && n > 0) record('w', name, (uint64_t)offset, data, (uint64_t)n);
    return n;
}

int ftruncate(int fd, off_t length) {
    NEXT(ftruncate);
    const char *name = name_of(fd);
    if (name && fails()) return -1;
    int rc = next(fd, length);
    if (name && !rc) record('t', name, (uint64_t)length, NULL, 0);
    return rc;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int flushed(int fd, int (*next)(int)) {
    const char *name = name_of(fd);
    if (name && fails()) return -1;
    int rc = next(fd);
    if (name && !rc) record('s', name, 0, NULL, 0);
    return rc;
}
int fsync(int fd) { NEXT(fsync); return flushed(fd, next); }
int fdatasync(int fd) { NEXT(fdatasync); return flushed(fd, next); }

int unlink(const char *path) {
    NEXT(unlink);
    char whole[WHOLE];
    const char *name = under(path, whole);
    if (name && fails()) return -1;
    int rc = next(path);
    if (name && !rc) record('u', name, 0, NULL, 0);
    return rc;
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    char one[WHOLE], other[WHOLE];
    const char *source = under(from, one), *target = under(to, other);
    if (target && fails()) return -1;
    int rc = next(from, to);
    if (source && target && !rc) record('r', source, 0, target, strlen(target));
    return rc;
}

int socket(int domain, int type, int protocol) {
    NEXT(socket);
    const char *told = getenv("SHIM_SOCKETS");
    if (told && (domain == AF_INET || domain == AF_INET6)) {
        int out = (int)syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (out >= 0) { dprintf(out, "%d %d\n", (int)getpid(), domain); syscall(SYS_close, out); }
    }
    return next(domain, type, protocol);
}
