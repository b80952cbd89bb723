// Stands between the server and libc's file calls (LD_PRELOAD), for the files under one folder. It does two things:
// - it makes the k-th call of a kind fail, as the control file says: "GENERATION K ERRNO KIND", where KIND is "any",
//   "write" or "sync"; a new generation starts counting at 1 again; ERRNO 0 kills the process there instead;
// - it writes every change that it lets through to a trace, so that a test can rebuild what a disk would hold that lost
//   what was not synced: records of OP, LENGTH OF PATH, OFFSET, LENGTH OF DATA, PATH, DATA.
// Everything it does itself goes by raw system calls, so that it never meets itself.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static long generation = -1, count;
static int trace = -2;

static int watched(const char *path) {
    const char *folder = getenv("IOFAULT_FOLDER");
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return watched(path);
}

// Whether this call is the one to fail; its error number, or 0.
static int fault(int is_sync) {
    const char *control = getenv("IOFAULT_CONTROL");
    char text[128] = {0}, kind[16] = {0};
    long asked_generation, k, error;
    if (!control) return 0;
    int fd = syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (sscanf(text, "%ld %ld %ld %15s", &asked_generation, &k, &error, kind) != 4) return 0;
    if (asked_generation != generation) { generation = asked_generation; count = 0; }
    if (strcmp(kind, "any") && strcmp(kind, is_sync ? "sync" : "write")) return 0;
    if (++count != k) return 0;
    if (error == 0) syscall(SYS_kill, getpid(), SIGKILL);
    return (int)error;
}

static void record(char op, const char *path, int64_t offset, const void *data, int64_t length) {
    if (trace == -2) {
        const char *name = getenv("IOFAULT_TRACE");
        trace = name ? syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    if (trace < 0) return;
    int32_t path_length = strlen(path);
    char head[21];
    head[0] = op;
    memcpy(head + 1, &path_length, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &length, 8);
    syscall(SYS_write, trace, head, sizeof head);
    syscall(SYS_write, trace, path, path_length);
    if (op == 'w' || op == 'r') syscall(SYS_write, trace, data, length);
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

#define GUARDED(is_sync, fd, op, offset, data, length, call)     \
    char path[PATH_MAX];                                         \
    if (!path_of(fd, path)) return call;                         \
    pthread_mutex_lock(&gate);                                   \
    int error = fault(is_sync);                                  \
    long result = -1;                                            \
    if (!error) {                                                \
        result = call;                                           \
        if (result >= 0) record(op, path, offset, data, length); \
        error = errno;                                           \
    } else {                                                     \
        record('f', path, 0, 0, 0);                              \
    }                                                            \
    pthread_mutex_unlock(&gate);                                 \
    if (result < 0) errno = error;                               \
    return result;

static ssize_t guarded_pwrite(ssize_t (*call)(int, const void *, size_t, off64_t), int fd, const void *data, size_t size, off64_t at) {
    GUARDED(0, fd, 'w', at, data, result, call(fd, data, size, at))
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return guarded_pwrite(real("pwrite64"), fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return guarded_pwrite(real("pwrite64"), fd, data, size, at); }

ssize_t write(int fd, const void *data, size_t size) {
    ssize_t (*call)(int, const void *, size_t) = real("write");
    off64_t at = lseek64(fd, 0, SEEK_CUR);
    if (at < 0) return call(fd, data, size);
    GUARDED(0, fd, 'w', at, data, result, call(fd, data, size))
}

int ftruncate64(int fd, off64_t size) {
    int (*call)(int, off64_t) = real("ftruncate64");
    GUARDED(0, fd, 't', size, 0, 0, call(fd, size))
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
    int (*call)(int) = real("fsync");
    GUARDED(1, fd, 's', 0, 0, 0, call(fd))
}
int fdatasync(int fd) {
    int (*call)(int) = real("fdatasync");
    GUARDED(1, fd, 's', 0, 0, 0, call(fd))
}

int rename(const char *from, const char *to) {
    int (*call)(const char *, const char *) = real("rename");
    if (!watched(to)) return call(from, to);
    pthread_mutex_lock(&gate);
    int error = fault(0), result = -1;
    if (!error) {
        result = call(from, to);
        if (result == 0) record('r', from, 0, to, strlen(to));
        error = errno;
    } else {
        record('f', from, 0, 0, 0);
    }
    pthread_mutex_unlock(&gate);
    if (result < 0) errno = error;
    return result;
}

int unlink(const char *name) {
    int (*call)(const char *) = real("unlink");
    int result = call(name);
    if (result == 0 && watched(name)) {
        pthread_mutex_lock(&gate);
        record('u', name, 0, 0, 0);
        pthread_mutex_unlock(&gate);
    }
    return result;
}
