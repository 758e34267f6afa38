#include "services/store/fts5_columns.h"

#include <zlib.h>

#include <cstdint>

#include "base/status.h"
#include "services/store/fts5_tokenizer.h"
#include "state/fields.h"

namespace kawat::store {
namespace {

constexpr std::size_t kMaxTextBytes = 16 << 20;

}  // namespace

std::string PlainText(std::string_view text) {
  std::string plain(text.starts_with(kVerbatim) ? " " : "");
  return plain.append(text);
}

std::string Pack(const Columns& columns) {
  state::FieldWriter out;
  out.Text(columns.title).Text(columns.body).Text(columns.facets);
  const std::string plain = out.Take();
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()), plain.size(),
            Z_BEST_SPEED);
  packed.resize(size);
  return state::OrderedNumber(plain.size()) + packed;
}

absl::StatusOr<Columns> Unpack(std::string_view packed) {
  const std::uint64_t size = state::ReadOrderedNumber(packed);
  if (packed.size() < 8 || size > kMaxTextBytes) {
    return absl::DataLossError("search index: a text is damaged");
  }
  std::string plain(size, '\0');
  uLongf got = size;
  if (uncompress(reinterpret_cast<Bytef*>(plain.data()), &got, reinterpret_cast<const Bytef*>(packed.data() + 8),
                 packed.size() - 8) != Z_OK ||
      got != size) {
    return absl::DataLossError("search index: a text is damaged");
  }
  Columns columns;
  state::FieldReader in(plain);
  in.Text(columns.title).Text(columns.body).Text(columns.facets);
  KAWAT_RETURN_IF_ERROR(in.Finish("an indexed text"));
  return columns;
}

}  // namespace kawat::store
