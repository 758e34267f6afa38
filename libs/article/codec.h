// The domain's structs to and from the bytes that travel on the topics (proto/kawat/v1). Decode: InvalidArgument with a
// sentence; FailedPrecondition for a record whose required_format is above kRecordFormat. A field that a newer version
// added is ignored, unless it raised that. Encoding is deterministic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "article/article.h"
#include "article/crawl.h"
#include "article/source.h"

namespace kawat::article {

// What this version reads. A change that older readers must not overlook raises it, and writes it as required_format
// into the records that have the change.
inline constexpr std::uint32_t kRecordFormat = 1;

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

}  // namespace kawat::article
