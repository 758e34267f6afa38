// Between StoreService's protos and the domain.
#pragma once

#include "kawat/v1/store_service.pb.h"
#include "services/store/library.h"

namespace kawat::store {

Filter FromProto(const v1::ArticleFilter& in);
void ToProto(const FoundArticle& found, v1::Article& out);
v1::HintKind ToProto(Hint::Kind kind);
void ToProto(const std::vector<ShardStats>& stats, v1::GetStatsResponse& out);

}  // namespace kawat::store
