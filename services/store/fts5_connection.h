// A SQLite connection and its statements, for fts5_index.cpp.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/store/search_index.h"

namespace kawat::store {

// A prepared statement, used again and again. Bind, then Step until it is false; then Reset. Bound views must live
// until Reset.
class Statement {
 public:
  Statement& Bind(int index, std::int64_t value);
  Statement& Bind(int index, std::string_view value);
  Statement& BindBlob(int index, std::string_view value);

  absl::StatusOr<bool> Step();  // whether there is a row
  absl::Status Run();           // Step to the end, and Reset
  void Reset();

  std::int64_t Int(int column) const { return sqlite3_column_int64(get(), column); }
  std::string Text(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  sqlite3_stmt* get() const { return statement_.get(); }
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One thread at a time. The tokenizer "kawat" is known to it.
class Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, bool read_only);

  absl::Status Run(const std::string& sql);
  absl::StatusOr<Statement> Prepare(std::string_view sql);
  absl::Status CopyFrom(Connection& other);                   // all of it, as it is at one moment
  absl::StatusOr<std::int64_t> Number(std::string_view sql);  // of a query with one number

  // Ends statements of this connection when `patience` does; null: never. It must live until the next call.
  void SetPatience(const Patience* patience);

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// The status of a SQLite result: DataLoss for a damaged file, ResourceExhausted for a full disk, Cancelled for an
// interrupted statement.
absl::Status SqliteStatus(sqlite3* handle, int code);

}  // namespace kawat::store
