// For what cannot happen: ends the process with the place and a sentence, in release builds too.
#pragma once

#include <cstdio>
#include <cstdlib>

#define KAWAT_CHECK(condition, message)                                                                 \
  do {                                                                                                  \
    if (!(condition)) {                                                                                 \
      std::fprintf(stderr, "%s:%d: check failed: %s: %s\n", __FILE__, __LINE__, #condition, (message)); \
      std::abort();                                                                                     \
    }                                                                                                   \
  } while (false)
