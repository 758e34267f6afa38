// The domain's enums have the numbers of their protos: a cast carries them from one to the other.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "article/article.h"
#include "article/crawl.h"
#include "article/reason.h"
#include "kawat/v1/article.pb.h"
#include "kawat/v1/common.pb.h"
#include "kawat/v1/crawl.pb.h"

namespace kawat::article {
namespace {

constexpr int kAboveAll = 1000;

// Whether Name() says of each number what the proto's value is called.
template <class Enum>
void ExpectNamesOf(const google::protobuf::EnumDescriptor& proto, const std::string& prefix) {
  for (int number = 0; number < kAboveAll; ++number) {
    const google::protobuf::EnumValueDescriptor* value = proto.FindValueByNumber(number);
    const std::string expected = value == nullptr ? "unknown"
                                 : number == 0    ? "none"
                                                  : absl::AsciiStrToLower(value->name().substr(prefix.size()));
    EXPECT_EQ(Name(static_cast<Enum>(number)), expected) << number;
  }
}

TEST(EnumsTest, ReasonsAreThoseOfTheProto) { ExpectNamesOf<Reason>(*v1::Reason_descriptor(), "REASON_"); }

TEST(EnumsTest, OutcomesAreThoseOfTheProto) {
  ExpectNamesOf<OutcomeKind>(*v1::OutcomeKind_descriptor(), "OUTCOME_KIND_");
}

TEST(EnumsTest, LinkKindsAreThoseOfTheProto) {
  EXPECT_EQ(static_cast<int>(LinkKind::kUnspecified), v1::LINK_KIND_UNSPECIFIED);
  EXPECT_EQ(static_cast<int>(LinkKind::kEntry), v1::LINK_KIND_ENTRY);
  EXPECT_EQ(static_cast<int>(LinkKind::kPage), v1::LINK_KIND_PAGE);
  EXPECT_EQ(static_cast<int>(LinkKind::kFeed), v1::LINK_KIND_FEED);
  EXPECT_EQ(static_cast<int>(LinkKind::kSitemap), v1::LINK_KIND_SITEMAP);
  EXPECT_EQ(static_cast<int>(LinkKind::kRedirect), v1::LINK_KIND_REDIRECT);
  EXPECT_EQ(static_cast<int>(LinkKind::kSubmitted), v1::LINK_KIND_SUBMITTED);
  EXPECT_EQ(v1::LinkKind_descriptor()->value_count(), 7);
}

TEST(EnumsTest, RelationsAreThoseOfTheProto) {
  EXPECT_EQ(static_cast<int>(Relation::kUnspecified), v1::RELATION_UNSPECIFIED);
  EXPECT_EQ(static_cast<int>(Relation::kOriginal), v1::RELATION_ORIGINAL);
  EXPECT_EQ(static_cast<int>(Relation::kCopy), v1::RELATION_COPY);
  EXPECT_EQ(v1::Relation_descriptor()->value_count(), 3);
}

}  // namespace
}  // namespace kawat::article
