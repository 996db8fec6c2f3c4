package fireworks.service

import java.util.Locale
import scala.collection.mutable

/**
 * Variables with our prefix that are not settings. misspelt: each with the setting that was
 * probably meant. removed: settings of an earlier version, each with what holds instead. foreign:
 * other products' variables. All are sorted by name.
 */
final case class UnknownVariables(misspelt: Seq[(String, String)], removed: Seq[(String, String)], foreign: Seq[String]) {

  /** Log messages: which of these variables are ignored, and why. */
  def warnings: Seq[String] = removed.map { case (name, instead) => s"$name is no longer a setting: $instead" } ++ Option.when(foreign.nonEmpty) {
    val are = if (foreign.size == 1) "it is" else "they are"
    s"${foreign.mkString(", ")}: not a setting of this project, so $are ignored (docs/operate/settings.md lists the settings)"
  }
}

/**
 * Finds variables with our prefix that are not settings. Each is a misspelt setting, a setting of
 * an earlier version, or another product's variable. The rule and its vectors are those of
 * packages/contracts/src/unknown-variables.ts. Only the name counts, never the value.
 */
object UnknownVariables {
  def in(names: Iterable[String], known: Iterable[String], removed: Map[String, String]): UnknownVariables = {
    val settings = known.toSeq.sorted
    val isSetting = settings.toSet
    val sorted = names.toSeq.sorted
    val unknown = sorted.filter(name => name.startsWith(Settings.Prefix) && !isSetting(name) && !removed.contains(name))
    val judged = unknown.map(name => name -> meant(name, settings))
    UnknownVariables(judged.collect { case (name, Some(setting)) => name -> setting }, sorted.flatMap(name => removed.get(name).map(name -> _)), judged.collect { case (name, None) => name })
  }

  private def meant(variable: String, settings: Seq[String]): Option[String] = {
    val asked = variable.stripPrefix(Settings.Prefix).toUpperCase(Locale.ROOT)
    val similar = settings.flatMap { setting =>
      val name = setting.stripPrefix(Settings.Prefix)
      val most = if (name.length < 6) 1 else if (name.length < 16) 2 else 3
      val edits =
        if (sameWords(asked, name)) 0
        else if (math.abs(asked.length - name.length) > most) Int.MaxValue
        else editDistance(asked, name)
      Option.when(edits <= most)(edits -> setting)
    }
    similar.minByOption(_._1).map(_._2)
  }

  /** Whether the words are those of a setting in any order. One may be missing if two are left. */
  private def sameWords(asked: String, name: String): Boolean = {
    val words = asked.split('_').filter(_.nonEmpty).toSeq
    val left = name.split('_').toBuffer
    words.forall { word =>
      val at = left.indexOf(word)
      if (at >= 0) left.remove(at)
      at >= 0
    } && (left.isEmpty || left.size == 1 && words.size >= 2)
  }

  /** The number of insertions, deletions, substitutions and swaps of neighbours. */
  private def editDistance(a: String, b: String): Int = {
    var beforeLast = Array.empty[Int]
    var last = Array.range(0, b.length + 1)
    for (i <- 1 to a.length) {
      val row = mutable.ArrayBuffer(i)
      for (j <- 1 to b.length) {
        val substitution = if (a(i - 1) == b(j - 1)) 0 else 1
        val edits = Seq(last(j) + 1, row(j - 1) + 1, last(j - 1) + substitution).min
        val swapped = i > 1 && j > 1 && a(i - 1) == b(j - 2) && a(i - 2) == b(j - 1)
        row += (if (swapped) math.min(edits, beforeLast(j - 2) + 1) else edits)
      }
      beforeLast = last
      last = row.toArray
    }
    last(b.length)
  }
}
