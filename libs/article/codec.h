// The domain's structs to and from the protos that travel on the topics. Decode: InvalidArgument with a sentence.
// A field that a newer version added is ignored. Encoding is deterministic.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "article/article.h"
#include "article/crawl.h"
#include "article/source.h"

namespace kawat::v1 {
class Source;
class Article;
class Link;
class Membership;
}  // namespace kawat::v1

namespace kawat::article {

std::string Encode(const Source& source);
std::string Encode(const LinkRecord& record);
std::string Encode(const Page& page);
std::string Encode(const ParsedRecord& record);
std::string Encode(const ArticleEvent& event);

absl::StatusOr<Source> DecodeSource(std::string_view bytes);
absl::StatusOr<LinkRecord> DecodeLinkRecord(std::string_view bytes);
absl::StatusOr<Page> DecodePage(std::string_view bytes);
absl::StatusOr<ParsedRecord> DecodeParsedRecord(std::string_view bytes);
absl::StatusOr<ArticleEvent> DecodeArticleEvent(std::string_view bytes);

// For gRPC handlers, whose messages hold the same ones.
void ToProto(const Source& source, v1::Source& out);
void ToProto(const Article& article, v1::Article& out);
void ToProto(const Link& link, v1::Link& out);
void ToProto(const Membership& membership, v1::Membership& out);
Source FromProto(const v1::Source& in);
Article FromProto(const v1::Article& in);
Link FromProto(const v1::Link& in);
Membership FromProto(const v1::Membership& in);

}  // namespace kawat::article
