//! A guest: files as C programs use them.
//! It prints what it saw; the host compares.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *why(int failed) { return failed ? strerror(errno) : "it worked"; }

int main(int argc, char **argv) {
    printf("%d arguments, the last is %s, NAME is %s\n", argc, argv[argc - 1], getenv("NAME"));
    printf("terminal: %d\n", isatty(1));

    printf("mkdir: %s\n", why(mkdir("/work/dir", 0777)));
    printf("mkdir again: %s\n", why(mkdir("/work/dir", 0777)));
    FILE *file = fopen("/work/dir/file", "w+");
    fprintf(file, "%s", "0123456789");
    rewind(file);
    char buffer[32] = {0};
    printf("fread: %zu %s\n", fread(buffer, 1, 31, file), buffer);
    fclose(file);

    int fd = open("/work/dir/file", O_RDWR);
    printf("pread: %zd\n", pread(fd, buffer, 4, 8));
    printf("pwrite: %zd\n", pwrite(fd, "xy", 2, 20));
    printf("position: %lld\n", (long long)lseek(fd, 0, SEEK_CUR));
    printf("end: %lld\n", (long long)lseek(fd, 0, SEEK_END));
    printf("before the start: %s\n", why(lseek(fd, -50, SEEK_CUR) < 0));
    printf("truncate: %s\n", why(ftruncate(fd, 5)));
    close(fd);
    printf("closed: %s\n", why(close(fd)));

    fd = open("/work/dir/append", O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0666);
    (void)!write(fd, "ab", 2);
    lseek(fd, 0, SEEK_SET);
    (void)!write(fd, "cd", 2);
    printf("appended to: %lld\n", (long long)lseek(fd, 0, SEEK_CUR));
    close(fd);
    printf("exclusive: %s\n", why(open("/work/dir/append", O_CREAT | O_EXCL | O_WRONLY, 0666) < 0));
    printf("read only: %s\n", why(open("/fixed/given", O_RDWR) < 0));
    printf("directory: %s\n", why(open("/work/dir", O_RDWR) < 0));
    printf("no follow: %s\n", why(symlink("file", "/work/dir/link") || open("/work/dir/link", O_RDONLY | O_NOFOLLOW) < 0));
    printf("loop: %s\n", why(symlink("loop", "/work/dir/loop") || open("/work/dir/loop", O_RDONLY) < 0));
    memset(buffer, 0, sizeof buffer);
    printf("readlink: %zd %s\n", readlink("/work/dir/link", buffer, 3), buffer);
    printf("link: %s\n", why(link("/work/dir/file", "/work/dir/hard")));
    struct stat status;
    printf("stat: %s\n", why(stat("/work/dir/hard", &status)));
    printf("%lld bytes, %d links, file %d\n", (long long)status.st_size, (int)status.st_nlink, S_ISREG(status.st_mode));
    struct timespec times[2] = {{.tv_sec = 100, .tv_nsec = 5}, {.tv_sec = 200, .tv_nsec = 6}};
    printf("utimensat: %s\n", why(utimensat(AT_FDCWD, "/work/dir/hard", times, 0)));
    stat("/work/dir/file", &status);
    printf("%lld.%ld\n", (long long)status.st_mtim.tv_sec, (long)status.st_mtim.tv_nsec);
    printf("rename: %s\n", why(rename("/work/dir/hard", "/work/dir/append")));

    int count = 0;
    DIR *directory = opendir("/work/dir");
    for (struct dirent *entry; (entry = readdir(directory));) count++;
    rewinddir(directory);
    for (struct dirent *entry; (entry = readdir(directory));) count++;
    closedir(directory);
    printf("entries, twice: %d\n", count);
    printf("rmdir: %s\n", why(rmdir("/work/dir")));
    printf("unlink: %s\n", why(unlink("/work/dir")));

    struct timespec before, after, nap = {.tv_sec = 1};
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&nap, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("slept: %d\n", after.tv_sec - before.tv_sec >= 1);
    return 3;
}
