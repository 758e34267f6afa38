#include "article/codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "absl/strings/str_cat.h"
#include "article/convert.h"
#include "base/check.h"
#include "base/status.h"
#include "kawat/v1/article.pb.h"
#include "kawat/v1/crawl.pb.h"
#include "kawat/v1/source.pb.h"

namespace kawat::article {
namespace {

template <class Message>
std::string Bytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream raw(&bytes);
  google::protobuf::io::CodedOutputStream stream(&raw);
  stream.SetSerializationDeterministic(true);
  KAWAT_CHECK(message.SerializeToCodedStream(&stream), "a message of ours does not serialize");
  stream.Trim();
  return bytes;
}

template <class Message>
absl::StatusOr<Message> Parse(std::string_view bytes, std::string_view name) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(
        absl::StrCat("not a kawat.v1.", std::string(name), ": ", bytes.size(), " bytes do not decode"));
  }
  if (message.required_format() > kRecordFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("the record is a kawat.v1.", std::string(name), " of format ", message.required_format(),
                     ", and this kawat reads ", kRecordFormat,
                     " at most: run the newer version here, too; nothing is lost, the record waits"));
  }
  return message;
}

}  // namespace

std::string Encode(const Source& source) {
  v1::Source out;
  ToProto(source, out);
  return Bytes(out);
}

absl::StatusOr<Source> DecodeSource(std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(const v1::Source in, Parse<v1::Source>(bytes, "Source"));
  return FromProto(in);
}

std::string Encode(const LinkRecord& record) {
  v1::LinkRecord out;
  if (const auto* batch = std::get_if<LinkBatch>(&record)) {
    out.mutable_links()->set_from_url(batch->from_url);
    out.mutable_links()->set_source_id(batch->source_id);
    for (const Link& link : batch->links) {
      ToProto(link, *out.mutable_links()->add_links());
    }
  } else {
    ToProto(std::get<PageOutcome>(record), *out.mutable_outcome());
  }
  return Bytes(out);
}

absl::StatusOr<LinkRecord> DecodeLinkRecord(std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(const v1::LinkRecord in, Parse<v1::LinkRecord>(bytes, "LinkRecord"));
  if (in.has_outcome()) {
    return FromProto(in.outcome());
  }
  if (!in.has_links()) {
    return absl::InvalidArgumentError("a kawat.v1.LinkRecord with neither links nor outcome");
  }
  LinkBatch batch{.from_url = in.links().from_url(), .source_id = in.links().source_id()};
  for (const v1::Link& link : in.links().links()) {
    batch.links.push_back(FromProto(link));
  }
  return batch;
}

std::string Encode(const Page& page) {
  v1::PageRecord out;
  ToProto(page, *out.mutable_page());
  return Bytes(out);
}

absl::StatusOr<Page> DecodePage(std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(const v1::PageRecord in, Parse<v1::PageRecord>(bytes, "PageRecord"));
  if (!in.has_page()) {
    return absl::InvalidArgumentError("a kawat.v1.PageRecord without a page");
  }
  return FromProto(in.page());
}

std::string Encode(const ParsedRecord& record) {
  v1::ParsedRecord out;
  if (const auto* article = std::get_if<Article>(&record)) {
    ToProto(*article, *out.mutable_article());
  } else {
    ToProto(std::get<TakeDown>(record), *out.mutable_take_down());
  }
  return Bytes(out);
}

absl::StatusOr<ParsedRecord> DecodeParsedRecord(std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(const v1::ParsedRecord in, Parse<v1::ParsedRecord>(bytes, "ParsedRecord"));
  if (in.has_article()) {
    return FromProto(in.article());
  }
  if (in.has_take_down()) {
    return FromProto(in.take_down());
  }
  return absl::InvalidArgumentError("a kawat.v1.ParsedRecord with neither article nor take-down");
}

std::string Encode(const ArticleEvent& event) {
  v1::ArticleEvent out;
  out.mutable_origin()->set_log_epoch(event.version.log_epoch);
  out.mutable_origin()->set_topic("kawat.parsed");
  out.mutable_origin()->set_offset(event.version.offset);
  out.mutable_origin()->set_index(event.version.index);
  out.set_complete_below(event.complete_below);
  if (const auto* article = std::get_if<Article>(&event.fact)) {
    ToProto(*article, *out.mutable_article());
  } else if (const auto* membership = std::get_if<Membership>(&event.fact)) {
    ToProto(*membership, *out.mutable_membership());
  } else if (const auto* alias = std::get_if<UrlAlias>(&event.fact)) {
    out.mutable_alias()->set_article_id(alias->article_id);
    out.mutable_alias()->set_url(alias->url);
  } else {
    ToProto(std::get<TakeDown>(event.fact), *out.mutable_take_down());
  }
  if (event.body_ownership.has_value()) {
    out.mutable_body_ownership()->set_append_time_ms(absl::ToUnixMillis(event.body_ownership->append_time));
    out.mutable_body_ownership()->set_offset(event.body_ownership->offset);
  }
  return Bytes(out);
}

absl::StatusOr<ArticleEvent> DecodeArticleEvent(std::string_view bytes) {
  KAWAT_ASSIGN_OR_RETURN(const v1::ArticleEvent in, Parse<v1::ArticleEvent>(bytes, "ArticleEvent"));
  ArticleEvent event{.version = {in.origin().log_epoch(), in.origin().offset(), in.origin().index()},
                     .complete_below = in.complete_below()};
  if (in.has_article()) {
    event.fact = FromProto(in.article());
  } else if (in.has_membership()) {
    event.fact = FromProto(in.membership());
  } else if (in.has_alias()) {
    event.fact = UrlAlias{.article_id = in.alias().article_id(), .url = in.alias().url()};
  } else if (in.has_take_down()) {
    event.fact = FromProto(in.take_down());
  } else {
    return absl::InvalidArgumentError("a kawat.v1.ArticleEvent without a fact");
  }
  if (in.has_body_ownership()) {
    event.body_ownership = {.append_time = absl::FromUnixMillis(in.body_ownership().append_time_ms()),
                            .offset = in.body_ownership().offset()};
  }
  return event;
}

}  // namespace kawat::article
