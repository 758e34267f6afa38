# What kawat is built on: Debian 12 packages, and lexbor and librdkafka, which tools/setup builds (docs/adr/0005-lexbor.md,
# docs/adr/0010-librdkafka.md).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)  # the module: Debian's protobuf has no CMake configuration
find_package(gRPC CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(CURL REQUIRED)
if(BUILD_TESTING)
  find_package(GTest CONFIG REQUIRED)
  find_package(rapidcheck CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
endif()

function(kawat_pkg_config NAME MODULE)
  pkg_check_modules(${NAME} REQUIRED IMPORTED_TARGET GLOBAL ${MODULE})
  add_library(kawat_dep::${NAME} ALIAS PkgConfig::${NAME})
endfunction()
kawat_pkg_config(sqlite3 sqlite3)
kawat_pkg_config(psl libpsl)
kawat_pkg_config(xxhash libxxhash)
kawat_pkg_config(libzstd libzstd)  # "zstd" and "lz4" are variables of RocksDB's configuration
kawat_pkg_config(liblz4 liblz4)

function(kawat_plain_library NAME LIBRARY HEADER)  # for libraries that ship neither CMake nor pkg-config files
  find_library(KAWAT_${NAME}_LIBRARY ${LIBRARY} REQUIRED)
  find_path(KAWAT_${NAME}_INCLUDE ${HEADER} REQUIRED)
  add_library(kawat_dep_${NAME} INTERFACE)
  target_link_libraries(kawat_dep_${NAME} INTERFACE ${KAWAT_${NAME}_LIBRARY})
  target_include_directories(kawat_dep_${NAME} SYSTEM INTERFACE ${KAWAT_${NAME}_INCLUDE})
  add_library(kawat_dep::${NAME} ALIAS kawat_dep_${NAME})
endfunction()
kawat_plain_library(cld2 cld2 cld2/public/compact_lang_det.h)

find_package(lexbor CONFIG QUIET PATHS ${CMAKE_SOURCE_DIR}/build/deps/lexbor)
if(NOT TARGET lexbor::lexbor_static)
  find_library(KAWAT_LEXBOR_LIBRARY lexbor_static PATHS ${CMAKE_SOURCE_DIR}/build/deps/lexbor/lib)
  find_path(KAWAT_LEXBOR_INCLUDE lexbor/html/parser.h PATHS ${CMAKE_SOURCE_DIR}/build/deps/lexbor/include)
  if(NOT KAWAT_LEXBOR_LIBRARY OR NOT KAWAT_LEXBOR_INCLUDE)
    message(FATAL_ERROR "lexbor is missing; run tools/setup first: it builds it into build/deps/lexbor")
  endif()
  add_library(lexbor::lexbor_static STATIC IMPORTED GLOBAL)
  set_target_properties(lexbor::lexbor_static PROPERTIES IMPORTED_LOCATION ${KAWAT_LEXBOR_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${KAWAT_LEXBOR_INCLUDE} INTERFACE_COMPILE_DEFINITIONS LEXBOR_STATIC)
endif()

set(KAWAT_RDKAFKA ${CMAKE_SOURCE_DIR}/build/deps/librdkafka)  # never an installed one: Debian's is too old
if(NOT EXISTS ${KAWAT_RDKAFKA}/lib/librdkafka.a)
  message(FATAL_ERROR "librdkafka is missing; run tools/setup first: it builds it into build/deps/librdkafka")
endif()
add_library(kawat_dep_rdkafka STATIC IMPORTED GLOBAL)
set_target_properties(kawat_dep_rdkafka PROPERTIES IMPORTED_LOCATION ${KAWAT_RDKAFKA}/lib/librdkafka.a
                      INTERFACE_INCLUDE_DIRECTORIES ${KAWAT_RDKAFKA}/include INTERFACE_COMPILE_DEFINITIONS LIBRDKAFKA_STATICLIB)
target_link_libraries(kawat_dep_rdkafka INTERFACE OpenSSL::SSL ZLIB::ZLIB kawat_dep::libzstd kawat_dep::liblz4 Threads::Threads
                      m ${CMAKE_DL_LIBS})
add_library(kawat_dep::rdkafka ALIAS kawat_dep_rdkafka)
