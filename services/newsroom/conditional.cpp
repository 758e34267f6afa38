#include "services/newsroom/conditional.h"

#include <zlib.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "base/hash.h"

namespace kawat::newsroom {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for gzip instead of zlib framing

bool Names(const std::string& if_none_match, const std::string& etag) {
  const std::vector<std::string> tags = absl::StrSplit(if_none_match, absl::ByAnyChar(", \t"), absl::SkipEmpty());
  for (const std::string& tag : tags) {
    if (tag == etag || tag == "W/" + etag || tag == "*") {
      return true;
    }
  }
  return false;
}

}  // namespace

void AddValidators(const web::Request& request, Validators validators, absl::Time changed, absl::Time now,
                   web::Response& response) {
  const std::string etag = absl::StrCat("\"", absl::Hex(base::XxHash64(response.body), absl::kZeroPad16), "\"");
  const absl::Time last_modified = FloorToSecond(changed);
  const bool dated = validators != Validators::kEtag && now - changed > absl::Seconds(2);
  if (validators != Validators::kLastModified) {
    response.headers.emplace_back("ETag", etag);
  }
  if (dated) {
    response.headers.emplace_back("Last-Modified", WriteHttpDate(last_modified));
  }
  const std::string if_none_match = request.Header("if-none-match");
  bool same = false;
  if (!if_none_match.empty()) {
    same = validators != Validators::kLastModified && Names(if_none_match, etag);
  } else if (const auto since = ReadHttpDate(request.Header("if-modified-since")); since.has_value()) {
    same = dated && last_modified <= *since;
  }
  if (same) {
    response.status = 304;
    response.body.clear();
  }
}

bool TakesGzip(const web::Request& request) {
  return absl::StrContains(absl::AsciiStrToLower(request.Header("accept-encoding")), "gzip");
}

void Compress(const web::Request& request, web::Response& response) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!TakesGzip(request) || response.body.empty()) {
    return;
  }
  z_stream stream{};
  KAWAT_CHECK(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK,
              "zlib has no memory");
  std::string out(deflateBound(&stream, response.body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(response.body.data());
  stream.avail_in = static_cast<uInt>(response.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  KAWAT_CHECK(result == Z_STREAM_END, "deflateBound is a bound");
  response.body = std::move(out);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

std::optional<std::string> Gunzip(std::string_view bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) {
    return std::nullopt;
  }
  std::string in(bytes);
  std::string out;
  std::vector<char> chunk(1 << 16);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return result == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace kawat::newsroom
