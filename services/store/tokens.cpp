#include "services/store/tokens.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "state/fields.h"

namespace kawat::store {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kMaxBytes = 16 << 10;

absl::Status Wrong(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(field), ": ", std::string(why)));
}

}  // namespace

std::string EncodeToken(std::string_view request, const std::vector<std::int64_t>& places) {
  state::FieldWriter out;
  out.Number(kFormat).Number(base::XxHash64(request)).Number(places.size());
  for (const std::int64_t place : places) {
    out.Signed(place);
  }
  return absl::WebSafeBase64Escape(out.Take());
}

absl::StatusOr<std::vector<std::int64_t>> DecodeToken(std::string_view field, std::string_view token,
                                                      std::string_view request, std::size_t shards) {
  std::string bytes;
  if (token.size() > kMaxBytes || !absl::WebSafeBase64Unescape(std::string(token), &bytes)) {
    return Wrong(field, "not a token of an earlier answer");
  }
  int format = 0;
  std::uint64_t mark = 0;
  std::size_t count = 0;
  state::FieldReader in(bytes);
  in.Number(format).Number(mark).Number(count);
  if (format != kFormat || count > kMaxBytes) {
    return Wrong(field, "not a token of an earlier answer");
  }
  std::vector<std::int64_t> places(count);
  for (std::int64_t& place : places) {
    in.Signed(place);
  }
  if (!in.Finish("a token").ok()) {
    return Wrong(field, "not a token of an earlier answer");
  }
  if (mark != base::XxHash64(request)) {
    return Wrong(field, "it belongs to another query or filter");
  }
  if (count != shards) {
    return Wrong(field, absl::StrCat("it is of a store with ", count, " shards, not ", shards));
  }
  return places;
}

}  // namespace kawat::store
