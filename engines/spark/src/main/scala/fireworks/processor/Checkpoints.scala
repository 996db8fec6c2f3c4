package fireworks.processor

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path

import java.util.UUID

/**
 * A session's checkpoint. id: its name in the session's barriers. fresh: it begins with the
 * changelog's states.
 */
final case class Checkpoint(id: String, path: String, fresh: Boolean)

/**
 * Spark's checkpoints. Decides which one a start may go on with.
 *
 * The changelog is the truth. A checkpoint is a copy of it, so that a restart need not read the
 * changelog. It is valid only if no other owner has written since: the newest barrier of every
 * partition must name it. Otherwise (another engine had the stream, the folder is gone, an older
 * version wrote it) a fresh checkpoint begins with the changelog's states.
 */
final class Checkpoints(base: String, hadoop: Configuration) {
  private val root = new Path(base)
  private val files = root.getFileSystem(hadoop)

  /** The checkpoint of a new session. trusted: whether the last checkpoint may be used at all. */
  def choose(lastOwners: Set[Option[String]], trusted: Boolean): Checkpoint = {
    val last = if (trusted && lastOwners.size == 1) lastOwners.head.flatMap(Checkpoints.idOf) else None
    // A checkpoint without a finished micro-batch has no states.
    last.filter(commits) match {
      case Some(id) => Checkpoint(id, new Path(root, id).toString, fresh = false)
      case None =>
        val id = s"${Checkpoints.Format}-${UUID.randomUUID().toString.take(8)}"
        Checkpoint(id, new Path(root, id).toString, fresh = true)
    }
  }

  /** Removes the checkpoints that no barrier names any more. */
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

  /** The format of the query and its states. Change it in a version that changes either. */
  val Format = "v1"

  /**
   * The owner's name in barriers. id is empty while the session does not know its checkpoint. If
   * the session dies then, no later session goes on with a wrong checkpoint.
   */
  def owner(id: String, session: String): String = s"spark/$id/$session"

  def idOf(owner: String): Option[String] = owner.split("/") match {
    case Array("spark", id, _*) if id.matches(s"$Format-[0-9a-f]{8}") => Some(id)
    case _ => None
  }
}
