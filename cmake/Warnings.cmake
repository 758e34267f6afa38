# One interface target with what every own file is compiled with. Generated code does not use it.
add_library(kawat_options INTERFACE)
target_include_directories(kawat_options INTERFACE ${CMAKE_SOURCE_DIR}/libs ${CMAKE_SOURCE_DIR})
target_compile_options(kawat_options INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wunused -Wcast-align -Wformat=2 -Wvla
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)  # not for tools/lint: clang-tidy lacks them
  # GCC 12, with optimisation on, reports std::string's own memcpy (GCC bug 105651) and the value of every absl::StatusOr that it
  # cannot see being set; the sanitizers and clang find the true ones.
  target_compile_options(kawat_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(kawat_options INTERFACE -Wthread-safety)
endif()

set(KAWAT_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize")
option(KAWAT_FUZZ "Build the fuzzers (clang only)" OFF)
if(KAWAT_SANITIZE)
  add_compile_options(-fsanitize=${KAWAT_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${KAWAT_SANITIZE})
endif()
if(KAWAT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
