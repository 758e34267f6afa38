// <data>/addresses.json: the addresses in use, since port 0 works everywhere.
//   {"store":{"grpc":"127.0.0.1:7700","metrics":"127.0.0.1:9470"},"portal":{"http":"127.0.0.1:8080"}}
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::telemetry {

// service → kind ("grpc", "metrics", "http") → address
using AddressBook = std::map<std::string, std::map<std::string, std::string>>;

// Writes the file. Services of one process share it, and processes with the same data folder may write at the same
// time. Threads: any.
class Addresses {
 public:
  explicit Addresses(const std::filesystem::path& data_folder) : folder_(data_folder) {}

  // Adds or replaces one service's addresses, keeps the others'.
  absl::Status Set(std::string_view service, const std::map<std::string, std::string>& addresses) const;

  // Removes the file: at the start, so that nobody reads addresses of an earlier run.
  absl::Status Clear() const;

 private:
  std::filesystem::path folder_;
};

// NotFound: no file. InvalidArgument: not such a file.
absl::StatusOr<AddressBook> ReadAddresses(const std::filesystem::path& data_folder);

}  // namespace kawat::telemetry
