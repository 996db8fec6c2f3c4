package fireworks.processor

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path

import java.util.UUID

/** A session's checkpoint. id: in the barriers that it writes. fresh: it begins from the changelog. */
final case class Checkpoint(id: String, path: String, fresh: Boolean)

/**
 * Spark's checkpoints, and which one a start may go on with.
 *
 * The changelog is the truth; a checkpoint is a copy of it that spares a restart the reading. It is right only as long as nobody else has
 * written since: the newest barrier of every partition must name it. Otherwise (another engine had the stream, the folder is gone, an
 * older version wrote it) a fresh one begins from the changelog.
 */
final class Checkpoints(base: String, hadoop: Configuration) {
  private val root = new Path(base)
  private val files = root.getFileSystem(hadoop)

  /** trusted: whether the last one may be gone on with at all. */
  def choose(lastOwners: Set[Option[String]], trusted: Boolean): Checkpoint = {
    val last = if (trusted && lastOwners.size == 1) lastOwners.head.flatMap(Checkpoints.idOf) else None
    // Without a finished micro-batch it has no states.
    last.filter(commits) match {
      case Some(id) => Checkpoint(id, new Path(root, id).toString, fresh = false)
      case None =>
        val id = s"${Checkpoints.Format}-${UUID.randomUUID().toString.take(8)}"
        Checkpoint(id, new Path(root, id).toString, fresh = true)
    }
  }

  /** Those that no barrier names any more. */
  def removeOthers(keep: Checkpoint): Unit =
    if (exists(root))
      files.listStatus(root).foreach { entry =>
        val name = entry.getPath.getName
        if (name != keep.id && name.matches("v\\d+-[0-9a-f]{8}")) files.delete(entry.getPath, true)
      }

  private def commits(id: String): Boolean = {
    val folder = new Path(root, s"$id/query/commits")
    exists(folder) && files.listStatus(folder).exists(_.getPath.getName.matches("\\d+"))
  }

  private def exists(path: Path): Boolean = files.exists(path)
}

object Checkpoints {

  /** Of the query and its states: a version of the engine that changes them has another one. */
  val Format = "v1"

  /** A session that does not know yet what it goes on with names none: should it die before it does, nobody goes on with a wrong one. */
  def owner(id: String, session: String): String = s"spark/$id/$session"

  def idOf(owner: String): Option[String] = owner.split("/") match {
    case Array("spark", id, _*) if id.matches(s"$Format-[0-9a-f]{8}") => Some(id)
    case _ => None
  }
}
