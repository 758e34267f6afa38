// Preloaded into a program under test: ends it by SIGSEGV whenever the first line of a crash marker
// (libs/pipeline/crash_marker.h) says that the record KAWAT_CRASH_AT ("kawat.pages/2/7") is about to be applied.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static void CrashIfNamed(const char* text, size_t size) {
  const char* crash_at = getenv("KAWAT_CRASH_AT");
  char line[256] = "", record[128];
  if (crash_at == NULL || size >= sizeof line) {
    return;
  }
  memcpy(line, text, size);
  if (sscanf(line, "%*s %*s %127s", record) == 1 && strcmp(record, crash_at) == 0) {
    raise(SIGSEGV);
  }
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  const ssize_t written = ((ssize_t(*)(int, const void*, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(file, bytes, size, offset);
  if (offset == 0) {
    CrashIfNamed(bytes, size);
  }
  return written;
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) { return pwrite64(file, bytes, size, offset); }
