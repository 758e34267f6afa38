#include "services/store/grpc_peer_convert.h"

#include <gtest/gtest.h>

#include "services/store/library.h"
#include "tests/support/status.h"

namespace kawat::store {
namespace {

v1::FindHitsRequest RequestOf(const FindQuestion& question) {
  v1::FindHitsRequest request;
  ToProto(question, request);
  return request;
}

TEST(PeerConvertTest, AQuestionArrivesAsItWasAsked) {
  const FindQuestion asked{.query = {.all_of = {{{.kind = IndexTerm::Kind::kText, .text = "gempa bumi"}},
                                                {{.kind = IndexTerm::Kind::kSource, .text = "a"},
                                                 {.kind = IndexTerm::Kind::kSite, .text = "b.example"}},
                                                {}},
                                     .none_of = {{{.kind = IndexTerm::Kind::kLanguage, .text = "ja"}}},
                                     .from = 7,
                                     .observed_from = absl::FromUnixMillis(1'767'225'600'123)},
                           .places = {{.shard = 1, .before = 99}, {.shard = 4}},
                           .limit = 21};
  ASSERT_OK_AND_ASSIGN(const FindQuestion got, FromProto(RequestOf(asked)));
  EXPECT_EQ(RequestOf(got).DebugString(), RequestOf(asked).DebugString());
  EXPECT_EQ(got.query.observed_from, asked.query.observed_from);
  EXPECT_EQ(got.query.all_of[1][1].kind, IndexTerm::Kind::kSite);
  EXPECT_TRUE(got.query.all_of[2].empty());
  EXPECT_EQ(got.places[1].before, kNewest);
}

TEST(PeerConvertTest, AQuestionWithoutALowerTimeStaysSo) {
  ASSERT_OK_AND_ASSIGN(const FindQuestion got, FromProto(RequestOf({.limit = 1})));
  EXPECT_EQ(got.query.observed_from, absl::InfinitePast());
}

TEST(PeerConvertTest, WhatNoReaderCanAskIsRefused) {
  const auto code = [](const v1::FindHitsRequest& request) { return FromProto(request).status().code(); };
  v1::FindHitsRequest request = RequestOf({.limit = kMaxPageSize + 1});
  EXPECT_EQ(code(request), absl::StatusCode::kOk);
  request.set_limit(kMaxPageSize + 2);
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  request.set_limit(0);
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  request.set_limit(1);
  v1::SearchTerm& term = *request.add_all_of()->add_any_of();
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);  // of no kind
  term.set_kind(v1::SEARCH_TERM_KIND_TEXT);
  term.set_text(std::string(16 * kMaxQueryBytes, 'x'));
  EXPECT_EQ(code(request), absl::StatusCode::kOk);
  term.set_text(std::string(16 * kMaxQueryBytes + 1, 'x'));
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
  term.set_text("x");
  for (int i = 0; i < 1'000; ++i) {
    request.add_none_of();
  }
  EXPECT_EQ(code(request), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kawat::store
