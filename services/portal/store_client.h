// What the portal asks of the store, without gRPC in the header.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::portal {

struct Item {
  std::string id;
  std::string title;
  std::string source;  // as readers see it
  std::string group;
  std::string snippet;
  std::string body;  // paragraphs separated by '\n'; only of a whole article
  std::string url;
  std::string authors;
  std::string copyright;
  std::string language;
  std::string cluster_id;
  absl::Time time;  // min(published, observed)
};

// How a query can be asked better (kawat.v1.HintKind).
enum class Hint { kNone, kNothing, kTooCommon, kOnlyExcluded, kPhraseCut, kUnknownFilter };

struct Results {
  std::vector<Item> items;
  std::string next_page_token;
  Hint hint = Hint::kNone;
};

// Threads: any. Each call waits 3 s at most. Errors are the store's: InvalidArgument, NotFound, Unavailable.
class StoreClient {
 public:
  static std::unique_ptr<StoreClient> Connect(const std::string& address);
  virtual ~StoreClient() = default;

  virtual absl::StatusOr<Results> Newest(std::string_view page_token) = 0;
  virtual absl::StatusOr<Results> Search(std::string_view query, std::string_view page_token) = 0;
  virtual absl::StatusOr<Item> Get(std::string_view id) = 0;
  // Without bodies.
  virtual absl::StatusOr<std::vector<Item>> Cluster(std::string_view id) = 0;
};

}  // namespace kawat::portal
