package fireworks.service

import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.fs.{Path, RawLocalFileSystem}

import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

/**
 * The files of this machine, for checkpoints and scratch. Without its native library (Spark brings none) Hadoop starts a `chmod` for each file that it makes and
 * a `readlink` for each that it renames: with some twenty files a micro-batch that was most of its time.
 */
final class LocalFiles extends RawLocalFileSystem {
  override def setPermission(path: Path, permission: FsPermission): Unit = {
    Files.setPosixFilePermissions(pathToFile(path).toPath, PosixFilePermissions.fromString(permission.toString.take(9)))
    ()
  }
}

object LocalFiles {

  /** Settings of Spark for a folder of checkpoints. One elsewhere (hdfs:, s3a:) keeps Spark's own ways. */
  def settings(folder: String): Map[String, String] =
    if (folder.matches("[a-z0-9+.-]{2,}:.*") && !folder.startsWith("file:")) Map.empty
    else Map(
      "spark.hadoop.fs.file.impl" -> classOf[LocalFiles].getName,
      // The other manager goes by another interface of Hadoop, which makes its own file system.
      "spark.sql.streaming.checkpointFileManagerClass" -> "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager")
}
