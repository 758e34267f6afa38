#include "services/store/fts5_tokenizer.h"

#include <sqlite3.h>

#include <new>
#include <vector>

#include "absl/strings/str_cat.h"
#include "text/text.h"

namespace kawat::store {
namespace {

using Emit = int (*)(void*, int, const char*, int, int, int);

int EmitVerbatim(std::string_view text, void* context, Emit emit) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) {
      const int rc = emit(context, 0, text.data() + begin, static_cast<int>(end - begin), static_cast<int>(begin),
                          static_cast<int>(end));
      if (rc != SQLITE_OK) {
        return rc;
      }
    }
    begin = end + 1;
  }
  return SQLITE_OK;
}

bool Adjoin(const text::Token& left, const text::Token& right) {
  return left.cjk && right.cjk && left.end == right.begin;
}

// A run of n CJK characters becomes n tokens: n-1 pairs, and its last character. A query may end within a run of the
// document: there the last character alone is left out, unless it is all of its run.
int EmitWords(std::string_view text, bool query, void* context, Emit emit) {
  const std::vector<text::Token> tokens = text::Tokenize(text);
  std::string pair;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const text::Token& token = tokens[i];
    std::string_view word = token.text;
    std::size_t end = token.end;
    if (i + 1 < tokens.size() && Adjoin(token, tokens[i + 1])) {
      pair = absl::StrCat(token.text, tokens[i + 1].text);
      word = pair;
      end = tokens[i + 1].end;
    } else if (query && i + 1 == tokens.size() && i > 0 && Adjoin(tokens[i - 1], token)) {
      continue;
    }
    const int rc = emit(context, 0, word.data(), static_cast<int>(word.size()), static_cast<int>(token.begin),
                        static_cast<int>(end));
    if (rc != SQLITE_OK) {
      return rc;
    }
  }
  return SQLITE_OK;
}

int Create(void*, const char**, int, Fts5Tokenizer** out) {
  static char nothing;  // the tokenizer has no state
  *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}

void Delete(Fts5Tokenizer*) {}

int Tokenize(Fts5Tokenizer*, void* context, int flags, const char* text, int size, Emit emit) {
  try {
    const std::string_view view(text == nullptr ? "" : text, static_cast<std::size_t>(text == nullptr ? 0 : size));
    if (!view.empty() && view.front() == kVerbatim) {
      return EmitVerbatim(view, context, emit);
    }
    return EmitWords(view, (flags & FTS5_TOKENIZE_QUERY) != 0, context, emit);
  } catch (const std::bad_alloc&) {  // no exception may cross SQLite
    return SQLITE_NOMEM;
  }
}

}  // namespace

absl::Status RegisterTokenizer(sqlite3* connection) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  if (api == nullptr) {
    return absl::InternalError("this SQLite has no FTS5");
  }
  fts5_tokenizer tokenizer{.xCreate = Create, .xDelete = Delete, .xTokenize = Tokenize};
  if (api->xCreateTokenizer(api, "kawat", nullptr, &tokenizer, nullptr) != SQLITE_OK) {
    return absl::InternalError("FTS5 refused the tokenizer");
  }
  return absl::OkStatus();
}

std::string QuoteForMatch(std::string_view text) {
  const std::vector<text::Token> tokens = text::Tokenize(text);
  if (tokens.empty()) {
    return "";
  }
  const std::size_t last = tokens.size() - 1;
  const bool lone_cjk = tokens[last].cjk && (last == 0 || !Adjoin(tokens[last - 1], tokens[last]));
  std::string plain(text);
  for (char& c : plain) {
    c = c == '"' || c == '\0' || c == kVerbatim ? ' ' : c;
  }
  return absl::StrCat("\"", plain, "\"", lone_cjk ? "*" : "");
}

}  // namespace kawat::store
