// Flags that several commands have.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/client.h"

namespace kawat::cli {

inline constexpr char kDefaultStore[] = "127.0.0.1:7700";
inline constexpr char kDefaultFetch[] = "127.0.0.1:7701";

inline void AddStoreFlag(CLI::App& command, std::string& address) {
  command.add_option("--store", address, "gRPC address of a store")->envname("KAWAT_STORE")->capture_default_str();
}

inline void AddFetchFlag(CLI::App& command, Server& fetch) {
  command.add_option("--fetch", fetch.address, "gRPC address of fetch")->envname("KAWAT_FETCH")->capture_default_str();
  command.add_option("--token-file", fetch.token_file, "File with the token that fetch wants to see for changes")
      ->envname("KAWAT_TOKEN_FILE");
}

inline void AddJsonFlag(CLI::App& command, bool& json) { command.add_flag("--json", json, "JSON, for scripts"); }

}  // namespace kawat::cli
