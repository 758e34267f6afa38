#include "article/codec.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "article/convert.h"
#include "kawat/v1/article.pb.h"
#include "kawat/v1/crawl.pb.h"
#include "kawat/v1/source.pb.h"
#include "tests/support/status.h"

namespace kawat::article {
namespace {

const absl::Time kTime = absl::FromUnixMillis(1'767'225'600'123);

// The fields that are not set, so that a field new in the proto is not forgotten here, nor in convert.cpp.
std::vector<std::string> Unset(const google::protobuf::Message& message) {
  std::vector<std::string> names;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->is_repeated() ? reflection.FieldSize(message, field) == 0 : !reflection.HasField(message, field)) {
      names.push_back(field->name());
    }
  }
  return names;
}

Source FullSource() {
  return {.id = "example",
          .name = "Example",
          .group = "Media Jepang",
          .homepage_url = "https://news.example/",
          .feed_urls = {"https://news.example/feed", "https://news.example/feed2"},
          .sitemap_urls = {"https://news.example/sitemap.xml"},
          .language = "ja",
          .country = "jp",
          .time_zone = "Asia/Tokyo",
          .min_delay = absl::Milliseconds(1500),
          .poll_interval = absl::Minutes(5),
          .max_depth = -1};
}

Link FullLink() {
  return {.url = "https://news.example/1",
          .kind = LinkKind::kEntry,
          .title = "題",
          .published_time = kTime,
          .modified_time = kTime + absl::Seconds(1),
          .depth = 2,
          .redirect_chain = {"https://news.example/0", "https://news.example/00"}};
}

PageOutcome FullOutcome() {
  return {.url = "https://news.example/1",
          .seq = 7,
          .kind = OutcomeKind::kLinksOnly,
          .reason = Reason::kIndexPage,
          .article_id = ArticleId("https://news.example/1"),
          .detail = "links"};
}

Page FullPage() {
  return {.url = "https://news.example/1",
          .redirects = {"https://news.example/2"},
          .status = 200,
          .headers = {{"content-type", "text/html"}, {"etag", "\"x\""}},
          .seq = 8,
          .fetched_time = kTime,
          .source_id = "example",
          .source_language = "ja",
          .source_time_zone = "Asia/Tokyo",
          .kind = LinkKind::kPage,
          .depth = 1,
          .hint_title = "題",
          .hint_published_time = kTime - absl::Hours(1),
          .body = std::string("\x1F\x8B\0\xFF", 4),
          .body_sha256 = std::string(64, 'a')};
}

Article FullArticle() {
  return {.id = ArticleId("https://news.example/1"),
          .url = "https://news.example/1?x",
          .canonical_url = "https://news.example/1",
          .source_id = "example",
          .title = "題",
          .body = "一\n二",
          .authors = {"甲", "乙"},
          .language = "ja",
          .section = "経済",
          .agency = "共同通信",
          .copyright = "© Example",
          .image_url = "https://news.example/1.jpg",
          .published_time = kTime - absl::Hours(1),
          .modified_time = kTime - absl::Minutes(1),
          .zone_assumed = true,
          .observed_time = kTime,
          .seq = 9,
          .extractor_version = 3,
          .text_cut = true,
          .revision = 2,
          .cluster_id = ArticleId("https://news.example/2"),
          .original_id = ArticleId("https://news.example/3")};
}

Membership FullMembership() {
  return {.article_id = ArticleId("1"),
          .number = 2,
          .cluster_id = ArticleId("2"),
          .relation = Relation::kCopy,
          .original_id = ArticleId("3")};
}

TakeDown FullTakeDown() { return {.article_id = ArticleId("1"), .reason = "asked for"}; }

template <class Proto, class Value>
void ExpectEveryFieldIsCarried(const Value& value, const std::vector<std::string>& but = {}) {
  Proto proto;
  ToProto(value, proto);
  EXPECT_EQ(Unset(proto), but);
  EXPECT_TRUE(FromProto(proto) == value) << proto.DebugString();
}

TEST(ConvertTest, EveryFieldIsCarried) {
  ExpectEveryFieldIsCarried<v1::Source>(FullSource(), {"required_format"});  // of the record, not of the source
  ExpectEveryFieldIsCarried<v1::Link>(FullLink());
  ExpectEveryFieldIsCarried<v1::PageOutcome>(FullOutcome());
  ExpectEveryFieldIsCarried<v1::Page>(FullPage());
  ExpectEveryFieldIsCarried<v1::Article>(FullArticle(), {"source_name", "source_group"});  // joined by the store
  ExpectEveryFieldIsCarried<v1::Membership>(FullMembership());
  ExpectEveryFieldIsCarried<v1::TakeDown>(FullTakeDown());
}

TEST(ConvertTest, TimesBefore1970HavePositiveNanos) {
  google::protobuf::Timestamp proto;
  const absl::Time time = absl::UnixEpoch() - absl::Milliseconds(1);
  ToProto(time, proto);
  EXPECT_EQ(proto.seconds(), -1);
  EXPECT_EQ(proto.nanos(), 999'000'000);
  EXPECT_EQ(FromProto(proto), time);
}

TEST(CodecTest, RecordsComeBackAsTheyWere) {
  EXPECT_TRUE(*DecodeSource(Encode(FullSource())) == FullSource());
  EXPECT_TRUE(*DecodePage(Encode(FullPage())) == FullPage());
  const LinkBatch batch{.from_url = "https://news.example/", .source_id = "example", .links = {FullLink(), Link()}};
  for (const LinkRecord& record : {LinkRecord(batch), LinkRecord(FullOutcome())}) {
    EXPECT_TRUE(*DecodeLinkRecord(Encode(record)) == record);
  }
  for (const ParsedRecord& record : {ParsedRecord(FullArticle()), ParsedRecord(FullTakeDown())}) {
    EXPECT_TRUE(*DecodeParsedRecord(Encode(record)) == record);
  }
  ArticleEvent event{.version = {.log_epoch = 2, .offset = 4711, .index = 3}, .complete_below = 4000};
  for (const auto& fact : std::vector<decltype(event.fact)>{
           FullArticle(), FullMembership(), UrlAlias{ArticleId("1"), "https://news.example/2"}, FullTakeDown()}) {
    event.fact = fact;
    EXPECT_TRUE(*DecodeArticleEvent(Encode(event)) == event);
    event.body_ownership = {.append_time = absl::FromUnixMillis(0), .offset = 0};
    EXPECT_TRUE(*DecodeArticleEvent(Encode(event)) == event);
    event.body_ownership.reset();
  }
}

TEST(CodecTest, WhatIsNoRecordIsRefused) {
  for (const std::string bytes : {"", "\xFF\xFF\xFF"}) {
    EXPECT_EQ(DecodeLinkRecord(bytes).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DecodePage(bytes).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DecodeParsedRecord(bytes).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DecodeArticleEvent(bytes).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(DecodeSource("\xFF").status().code(), absl::StatusCode::kInvalidArgument);
}

// Skipping it as a dead letter would lose its place in the order of its key.
TEST(CodecTest, ARecordThatNeedsANewerReaderIsNotReadAndNotRefused) {
  const auto with = [](std::string bytes, char format) { return bytes + "\x78" + format; };  // field 15, a varint
  EXPECT_OK(DecodePage(with(Encode(FullPage()), kRecordFormat)));
  const char newer = kRecordFormat + 1;
  EXPECT_EQ(DecodePage(with(Encode(FullPage()), newer)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DecodeSource(with(Encode(FullSource()), newer)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DecodeLinkRecord(with(Encode(LinkRecord(FullOutcome())), newer)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DecodeParsedRecord(with(Encode(ParsedRecord(FullTakeDown())), newer)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DecodeArticleEvent(with(Encode(ArticleEvent()), newer)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(CodecTest, AFieldThatANewerVersionAddedIsIgnored) {
  EXPECT_TRUE(*DecodePage(Encode(FullPage()) + "\xf8\x07\x01") == FullPage());  // field 127
}

}  // namespace
}  // namespace kawat::article
