/*
 * Loaded before the C library (LD_PRELOAD): stands between a program and its disk.
 *
 * DISK_LAYER_FOLDER  only this folder and the files in it are concerned
 * DISK_LAYER_RECORD  file that every change is appended to, in the order in which the changes were made
 * DISK_LAYER_SYNC_MS so long does fsync or fdatasync take more than it does by itself
 *
 * A record, in the byte order of the machine: u32 kind, u32 length of path, u64 offset or size, u64 length of data, path,
 * data. Kinds: 1 write, 2 truncate, 3 unlink, 4 rename (data: the new path), 5 sync, 6 sync of a folder.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, UNLINK, RENAME, SYNC, SYNC_FOLDER };

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static long sync_ms;
static int record_fd = -1;

__attribute__((constructor)) static void begin(void) {
  folder = getenv("DISK_LAYER_FOLDER");
  const char *delay = getenv("DISK_LAYER_SYNC_MS");
  sync_ms = delay == NULL ? 0 : atol(delay);
  const char *record = getenv("DISK_LAYER_RECORD");
  if (record != NULL) {
    record_fd = (int)syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record_fd < 0) abort();
  }
}

static int concerns(const char *path) {
  if (folder == NULL) return 0;
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file that the layer is concerned with; 0: it is not. */
static size_t path_of(int fd, char *path) {
  if (folder == NULL || fd < 0) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return concerns(path) ? (size_t)length : 0;
}

static void all(const void *data, size_t length) {
  const char *at = data;
  while (length > 0) {
    long written = syscall(SYS_write, record_fd, at, length);
    if (written < 0) {
      if (errno == EINTR) continue;
      abort();
    }
    at += written;
    length -= (size_t)written;
  }
}

static void record(uint32_t kind, const char *path, uint64_t at, const void *data, uint64_t length) {
  if (record_fd < 0) return;
  int before = errno;
  struct {
    uint32_t kind, path;
    uint64_t at, data;
  } head = {kind, (uint32_t)strlen(path), at, length};
  all(&head, sizeof head);
  all(path, head.path);
  if (data != NULL) all(data, length);
  errno = before;
}

static ssize_t written(int fd, const void *data, size_t length, int64_t at) {
  char path[PATH_MAX];
  if (path_of(fd, path) == 0) {
    return at < 0 ? syscall(SYS_write, fd, data, length) : syscall(SYS_pwrite64, fd, data, length, at);
  }
  pthread_mutex_lock(&order);
  if (at < 0) {
    int flags = (int)syscall(SYS_fcntl, fd, F_GETFL);
    at = syscall(SYS_lseek, fd, 0, (flags & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
    ssize_t done = syscall(SYS_write, fd, data, length);
    if (done > 0) record(WRITE, path, (uint64_t)at, data, (uint64_t)done);
    pthread_mutex_unlock(&order);
    return done;
  }
  ssize_t done = syscall(SYS_pwrite64, fd, data, length, at);
  if (done > 0) record(WRITE, path, (uint64_t)at, data, (uint64_t)done);
  pthread_mutex_unlock(&order);
  return done;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return written(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { return written(fd, data, length, at); }

static int truncated(int fd, int64_t size) {
  char path[PATH_MAX];
  if (path_of(fd, path) == 0) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&order);
  int result = (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0) record(TRUNCATE, path, (uint64_t)size, NULL, 0);
  pthread_mutex_unlock(&order);
  return result;
}

int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncated(fd, size); }

int unlink(const char *path) {
  if (!concerns(path)) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  pthread_mutex_lock(&order);
  int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (result == 0) record(UNLINK, path, 0, NULL, 0);
  pthread_mutex_unlock(&order);
  return result;
}

int rename(const char *from, const char *to) {
  if (!concerns(from)) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  pthread_mutex_lock(&order);
  int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (result == 0) record(RENAME, from, 0, to, strlen(to));
  pthread_mutex_unlock(&order);
  return result;
}

/* The mark stands before the call returns and after the disk has it: what was recorded before the call began is safe.
   SQLite writes a file and syncs it from one thread, so nothing is recorded of the file in between. */
static int synced(int fd, long call) {
  char path[PATH_MAX];
  if (path_of(fd, path) == 0) return (int)syscall(call, fd);
  if (sync_ms > 0) {
    struct timespec left = {sync_ms / 1000, (sync_ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
  }
  int result = (int)syscall(call, fd);
  if (result != 0) return result;
  struct stat about;
  int is_folder = fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
  pthread_mutex_lock(&order);
  record(is_folder ? SYNC_FOLDER : SYNC, path, 0, NULL, 0);
  pthread_mutex_unlock(&order);
  return 0;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
