#include "services/newsroom/vocabulary.h"

namespace kawat::newsroom {

const Vocabulary& Indonesian() {
  static const Vocabulary vocabulary{
      .language = "id",
      .between_sentences = " ",
      .places = {"Semarang", "Makassar", "Pontianak", "Kupang", "Banjarmasin", "Padang", "Ambon", "Bandung", "Manado",
                 "Palembang", "Mataram", "Jayapura", "Surabaya", "Samarinda", "Bengkulu", "Ternate", "Yogyakarta"},
      .orgs = {"Dinas Perhubungan", "Badan Meteorologi Daerah", "Koperasi Nelayan Bahari", "Universitas Teluk Biru",
               "Perusahaan Air Minum Kota", "Dewan Kesenian Rakyat", "Rumah Sakit Harapan Warga",
               "Asosiasi Petani Muda", "Balai Taman Hutan", "Serikat Pekerja Pelabuhan", "Dinas Pendidikan",
               "Bank Desa Sejahtera", "Museum Rempah", "Lembaga Riset Sungai"},
      .topics = {"jalur bus malam", "pembersihan sungai", "harga beras di pasar", "beasiswa anak nelayan",
                 "perbaikan jembatan gantung", "festival perahu hias", "panen kopi pegunungan", "jaringan air bersih",
                 "kereta komuter baru", "penanaman bakau", "perpustakaan keliling", "vaksinasi ternak",
                 "pasar terapung", "listrik tenaga surya", "kompetisi sepak bola pelajar", "tarif parkir elektronik",
                 "museum bahari", "sekolah lapang petani"},
      .roles = {"kepala dinas", "juru bicara", "ketua panitia", "peneliti utama", "direktur operasional",
                "koordinator relawan", "sekretaris daerah"},
      .days = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"},
      .given_names = {"Sari", "Bambang", "Dewi", "Agus", "Ratna", "Yusuf", "Maya", "Hendra", "Lestari", "Putu", "Wayan",
                      "Rahmat", "Intan", "Galih"},
      .family_names = {"Wijayanti", "Santoso", "Nasution", "Siregar", "Hidayat", "Pangestu", "Lubis", "Kusuma",
                       "Manurung", "Setiadi", "Purnama", "Tampubolon"},
      .sections = {"Nasional", "Ekonomi", "Olahraga", "Budaya"},
      .between_names = " ",
      .titles = {"{org} {place} Umumkan Rencana {topic}", "Warga {place} & {org} Bahas {topic}",
                 "{n} Relawan Dukung {topic} di {place}", "Soal {topic}, {org} Minta Warga {place} Bersabar",
                 "Anggaran {topic} di {place} Naik {m} Persen", "Cerita dari {place}: {topic} Kembali Ramai"},
      .sentences =
          {"{org} di {place} mengatakan pada hari {day} bahwa pekerjaan untuk {topic} akan dimulai dalam {m} pekan.",
           "Menurut {person}, {role} kegiatan itu, sebanyak {n} keluarga sudah mendaftar sejak awal bulan.",
           "Pemerintah daerah menyiapkan dana sekitar {m} miliar rupiah agar {topic} tidak berhenti di tengah jalan.",
           "“Kami ingin warga ikut menentukan arah {topic},” kata {person} kepada wartawan di {place}.",
           "Hujan yang turun selama {m} hari membuat beberapa jalan di sekitar {place} sulit dilalui mobil besar.",
           "Sejumlah pedagang berharap perubahan tersebut membawa lebih banyak pembeli ke pusat kota {place}.",
           "Laporan yang disusun {org} menyebutkan {n} orang terlibat, sebagian besar berusia di bawah 30 tahun.",
           "Tahun lalu rencana serupa tertunda karena izin dari kementerian belum keluar sampai bulan Desember.",
           "{person} menjelaskan bahwa biaya per orang kini {m} ribu rupiah lebih murah daripada sebelumnya.",
           "Petugas memeriksa {n} titik pada hari {day} dan menemukan bahwa hanya sebagian kecil yang perlu diganti.",
           "Di kantor kelurahan, warga mengisi formulir dan bertanya tentang jadwal {topic} untuk bulan depan.",
           "Seorang guru dari {place} menilai anak-anak mendapat manfaat paling besar dari {topic} tersebut.",
           "{org} berjanji menerbitkan data terbuka setiap {m} bulan sehingga siapa pun dapat memeriksanya.",
           "Meskipun begitu, beberapa warga masih khawatir uang yang tersedia tidak cukup sampai akhir tahun.",
           "Rapat berikutnya akan digelar pada hari {day} di balai kota dengan {n} undangan dari berbagai kampung.",
           "Para peneliti mencatat kenaikan sebesar {m} persen dibandingkan dengan angka pada musim kemarau yang lalu.",
           "“Kalau semua berjalan lancar, hasilnya bisa dilihat sebelum hari raya,” ujar {person} sambil tersenyum.",
           "Kelompok pemuda di {place} membentuk tim kecil yang bertugas mengawasi {topic} setiap akhir pekan.",
           "Perwakilan dari {org} menambahkan bahwa pelatihan gratis akan diberikan kepada {n} peserta pertama.",
           "Jalan menuju lokasi ditutup mulai pukul {m} pagi, dan kendaraan dialihkan melewati pasar lama.",
           "Sebuah survei terhadap {n} rumah tangga menunjukkan dukungan yang kuat, terutama di daerah pesisir.",
           "Bagi {person}, yang sudah {m} tahun bekerja sebagai {role}, keputusan itu datang pada waktu yang tepat.",
           "Pihak kepolisian menyatakan keadaan di {place} tetap aman dan tidak ada laporan mengenai gangguan.",
           "Hasil akhir kajian tentang {topic} akan dibahas bersama anggota dewan sebelum diumumkan kepada publik."},
  };
  return vocabulary;
}

}  // namespace kawat::newsroom
