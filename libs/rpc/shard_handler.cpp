#include "rpc/shard_handler.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "kawat/v1/shard_service.grpc.pb.h"
#include "rpc/status.h"

namespace kawat::rpc {
namespace {

class Handler final : public ShardHandler, public v1::ShardService::Service {
 public:
  Handler(Backup backup, TokenGuard guard) : backup_(std::move(backup)), guard_(std::move(guard)) {}

  grpc::Service& service() override { return *this; }

  grpc::Status CreateBackup(grpc::ServerContext* context, const v1::CreateBackupRequest* request,
                            v1::CreateBackupResponse* response) override {
    if (const absl::Status allowed = guard_.Check(*context); !allowed.ok()) {
      return ToGrpc(allowed);
    }
    const absl::StatusOr<Made> made =
        backup_(request->shard(), request->name(), [context] { return context->IsCancelled(); });
    if (made.ok()) {
      response->set_folder(made->folder);
      response->set_bytes(static_cast<std::int64_t>(made->bytes));
    }
    return ToGrpc(made.status());
  }

 private:
  const Backup backup_;
  const TokenGuard guard_;
};

}  // namespace

std::unique_ptr<ShardHandler> ShardHandler::New(Backup backup, TokenGuard guard) {
  return std::make_unique<Handler>(std::move(backup), std::move(guard));
}

}  // namespace kawat::rpc
