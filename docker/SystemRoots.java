import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/**
 * Converts the system's bundle of root certificates into a trust store for Java:
 * `java SystemRoots.java BUNDLE.crt STORE.p12`. Java uses its own list of roots. Without this, Java
 * would not trust a root that a site has added to its base image (for a proxy that re-signs TLS).
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
