package fireworks.service

import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.fs.{Path, RawLocalFileSystem}

import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

/**
 * The local file system, for checkpoints and scratch. Without its native library, which Spark does
 * not include, Hadoop starts a `chmod` for each file that it creates and a `readlink` for each that
 * it renames. A micro-batch has some twenty files, and this took most of its time.
 */
final class LocalFiles extends RawLocalFileSystem {
  override def setPermission(path: Path, permission: FsPermission): Unit = {
    Files.setPosixFilePermissions(pathToFile(path).toPath, PosixFilePermissions.fromString(permission.toString.take(9)))
    ()
  }
}

object LocalFiles {

  /**
   * Spark's settings for a folder of checkpoints. For a folder elsewhere (hdfs:, s3a:) Spark's
   * defaults stay.
   */
  def settings(folder: String): Map[String, String] =
    if (folder.matches("[a-z0-9+.-]{2,}:.*") && !folder.startsWith("file:")) Map.empty
    else Map(
      "spark.hadoop.fs.file.impl" -> classOf[LocalFiles].getName,
      // Spark's other manager uses another interface of Hadoop, which creates its own file system.
      "spark.sql.streaming.checkpointFileManagerClass" -> "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager")
}
