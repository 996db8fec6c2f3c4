import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/**
 * Makes a trust store for Java of the system's bundle of roots: `java SystemRoots.java BUNDLE.crt STORE.p12`. Java has roots of its own, so one that a site has
 * added to its base image (a proxy that re-signs TLS) would be known to every program but Java's.
 */
public class SystemRoots {
	public static void main(String[] args) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (FileInputStream bundle = new FileInputStream(args[0])) {
			int count = 0;
			for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(bundle)) {
				store.setCertificateEntry("root-" + count++, root);
			}
		}
		try (FileOutputStream file = new FileOutputStream(args[1])) {
			store.store(file, "changeit".toCharArray());
		}
	}
}
