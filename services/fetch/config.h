// What fetch is told: `data`, `allow_networks`, [resolve], [fetch] and [[sources]].
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "article/source.h"
#include "base/config.h"
#include "services/fetch/source_book.h"

namespace kawat::fetch {

struct Config {
  std::string data = "data";
  std::vector<std::string> allow_networks;     // beside public addresses: "127.0.0.0/8"
  std::map<std::string, std::string> resolve;  // "https://host" to "127.0.0.1:8081"; see CurlClientOptions

  std::string grpc = "127.0.0.1:7701";
  std::string metrics = "127.0.0.1:9471";
  std::string user_agent = "kawat/0.1 (news search; obeys robots.txt as \"kawat\")";
  CrawlLimits limits;
  absl::Duration timeout = absl::Seconds(20);
  int max_body_bytes = 5 << 20;
  int links_per_host_per_day = 5000;
  std::string token_file;       // whose token callers must show to change something (rpc/token.h); empty: none
  std::string owner = "fetch";  // of the state folders: one that finds another's waits 15 s
  int instance = 0;             // owns the shards p with p mod instances = instance
  int instances = 1;
  std::vector<std::string> peers;  // gRPC addresses of all instances in order; empty: URLs of others are not known here

  std::vector<article::Source> sources;  // announced at start, when new or changed
};

// InvalidArgument with the place.
absl::StatusOr<Config> ParseConfig(const base::Toml& toml);

}  // namespace kawat::fetch
