// Between StorePeerService's protos and what a Node is asked and answers.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kawat/v1/store_peer_service.pb.h"
#include "services/store/node.h"

namespace kawat::store {

inline constexpr char kNodeMetadata[] = "kawat-store-node";

// The value of kNodeMetadata: "1 of 3, 16 shards".
std::string NodeName(int number, int nodes, int shards);

struct FindQuestion {
  IndexQuery query;
  std::vector<Place> places;
  std::size_t limit = 0;
};

void ToProto(const FindQuestion& question, v1::FindHitsRequest& out);
absl::StatusOr<FindQuestion> FromProto(const v1::FindHitsRequest& in);  // InvalidArgument: over a limit

void ToProto(const std::vector<std::vector<IndexHit>>& hits, v1::FindHitsResponse& out);
std::vector<std::vector<IndexHit>> FromProto(const v1::FindHitsResponse& in);

void ToProto(const std::vector<std::optional<article::Article>>& articles, v1::ReadArticlesResponse& out);
std::vector<std::optional<article::Article>> FromProto(const v1::ReadArticlesResponse& in);

void ToProto(const std::vector<FoundAlias>& aliases, v1::FindAliasesResponse& out);
std::vector<FoundAlias> FromProto(const v1::FindAliasesResponse& in);

void ToProto(const std::vector<ClusterMember>& members, v1::ListMembersResponse& out);
std::vector<ClusterMember> FromProto(const v1::ListMembersResponse& in);

void ToProto(const std::vector<ShardStats>& stats, v1::ListShardStatsResponse& out);
std::vector<ShardStats> FromProto(const v1::ListShardStatsResponse& in);

void ToProto(const std::vector<StoredChange>& changes, v1::ReadChangesResponse& out);
std::vector<StoredChange> FromProto(const v1::ReadChangesResponse& in);

}  // namespace kawat::store
