// A news web on loopback, made from a seed or from a folder of real pages, that knows the truth about itself.
//
//   GET /truth    articles, the outcome each URL must have, what was asked and how fast (JSON)
//   GET /config   the configuration of a kawat that crawls it (TOML)
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/newsroom/site.h"

namespace kawat::newsroom {

struct Options {
  std::uint64_t seed = 1;
  int articles = 200;
  double rate_per_second = 0;  // 0: all are published at once
  absl::Duration delay =
      absl::Milliseconds(50);  // between requests to a host: written to the configuration, and judged
  absl::Duration revision_after = absl::Seconds(4);  // from an answer to the article's next revision
  std::string listen = "127.0.0.1:8900";
  std::string advertise;         // HOST:PORT at which crawlers find it, for the configuration; empty: where it listens
  std::string write_config;      // file for `kawat up --config`; empty: none
  std::string pages;             // folder of real pages, instead of a synthetic web
  base::Clock* clock = nullptr;  // null: the machine's
};

// Threads: any. The destructor stops the server.
class Newsroom {
 public:
  // Listens, then renames the configuration into place.
  // Errors: InvalidArgument (an option), NotFound (the pages), FailedPrecondition (the address is in use).
  static absl::StatusOr<std::unique_ptr<Newsroom>> Start(const Options& options);

  std::string address() const { return server_->address(); }
  Counts counts() { return site_->counts(); }
  const std::string& config() const { return config_; }  // what is or would be written

 private:
  Newsroom(std::unique_ptr<Site> site, std::unique_ptr<web::Server> server, std::string config)
      : site_(std::move(site)), server_(std::move(server)), config_(std::move(config)) {}

  std::unique_ptr<Site> site_;  // outlives the server's threads
  std::unique_ptr<web::Server> server_;
  std::string config_;
};

// TOML for `kawat up` that crawls `world`, served at `address`, which it may reach though it be private.
std::string WriteConfig(const World& world, absl::Duration delay, const std::string& address);

}  // namespace kawat::newsroom
