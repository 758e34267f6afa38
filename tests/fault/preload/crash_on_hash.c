// LD_PRELOAD: a process that hashes a text with "kawat-crash-here" in it ends by SIGABRT, as one with a bug would at some page. Parse hashes
// the canonical URL of each article.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef int (*Digest)(const void*, size_t, unsigned char*, unsigned int*, const void*, void*);

int EVP_Digest(const void* data, size_t size, unsigned char* digest, unsigned int* digest_size, const void* type, void* engine) {
  static const char kCrash[] = "kawat-crash-here";
  if (memmem(data, size, kCrash, sizeof(kCrash) - 1) != NULL) {
    abort();
  }
  return ((Digest)dlsym(RTLD_NEXT, "EVP_Digest"))(data, size, digest, digest_size, type, engine);
}
