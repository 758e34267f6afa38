// The streams of WatchArticles.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "kawat/v1/store_service.pb.h"
#include "services/store/library.h"
#include "services/store/work_pool.h"

namespace kawat::store {

class WatchStream;

// All streams of a handler. Threads: any.
class WatchHub {
 public:
  // Both must outlive it. With several nodes it asks them ten times a second what is new, while there are streams.
  WatchHub(const Library& library, WorkPool& pool);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // The reactor of a new stream. It owns itself.
  grpc::ServerWriteReactor<v1::WatchArticlesResponse>* Begin(const v1::WatchArticlesRequest& request);

  void Notify();
  void EndAll();

 private:
  friend class WatchStream;
  std::vector<std::shared_ptr<WatchStream>> Streams() const;
  void Remove(const WatchStream* stream);
  void FollowPeers();

  const Library& library_;
  WorkPool& pool_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::vector<std::shared_ptr<WatchStream>> streams_;
  std::thread peers_;
};

}  // namespace kawat::store
