use crate::cdr::{CdrError, Reader, Writer};

/// What a device says about itself and its server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceInfo {
    /// The device's class.
    pub class: String,
    /// Its server, as "program/instance".
    pub server: String,
    /// The host the server runs on.
    pub host: String,
    /// The version of the device interface (IDL), which decides how the device is talked to.
    pub version: i32,
    /// Where its documentation is, in words.
    pub documentation: String,
    /// Its type; often the class again, or "Uninitialised".
    pub device_type: String,
    /// Versions of the libraries below it, as ("PyTango", "10.3.1"). Only from IDL 6 on.
    pub versions: Vec<(String, String)>,
}

/// Which of the layouts a device's description travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceInfoVersion {
    /// The answer to `info`: up to the documentation.
    One,
    /// The answer to `info_3`: with the device's type.
    Three,
    /// The answer to `info_6`: with versions.
    Six,
}

impl DeviceInfo {
    /// Reads one.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(
        reader: &mut Reader<'_>,
        version: DeviceInfoVersion,
    ) -> Result<DeviceInfo, CdrError> {
        let mut info = DeviceInfo {
            class: reader.string()?,
            server: reader.string()?,
            host: reader.string()?,
            version: reader.i32()?,
            documentation: reader.string()?,
            ..DeviceInfo::default()
        };
        if version != DeviceInfoVersion::One {
            info.device_type = reader.string()?;
        }
        if version == DeviceInfoVersion::Six {
            info.versions =
                reader.sequence(8, |reader| Ok((reader.string()?, reader.string()?)))?;
        }
        Ok(info)
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer, version: DeviceInfoVersion) {
        writer.string(&self.class);
        writer.string(&self.server);
        writer.string(&self.host);
        writer.i32(self.version);
        writer.string(&self.documentation);
        if version != DeviceInfoVersion::One {
            writer.string(&self.device_type);
        }
        if version == DeviceInfoVersion::Six {
            writer.sequence(&self.versions, |writer, (name, version)| {
                writer.string(name);
                writer.string(version);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn every_layout_comes_back_as_far_as_it_goes() {
        let full = DeviceInfo {
            class: "Subarray".to_owned(),
            server: "subarray/01".to_owned(),
            host: "localhost".to_owned(),
            version: 6,
            documentation: "Doc URL = http://www.tango-controls.org".to_owned(),
            device_type: "Subarray".to_owned(),
            versions: vec![("PyTango".to_owned(), "10.3.1".to_owned())],
        };
        let without_versions = DeviceInfo {
            versions: vec![],
            ..full.clone()
        };
        let shortest = DeviceInfo {
            device_type: String::new(),
            ..without_versions.clone()
        };
        for (version, expected) in [
            (DeviceInfoVersion::Six, full.clone()),
            (DeviceInfoVersion::Three, without_versions),
            (DeviceInfoVersion::One, shortest),
        ] {
            let mut writer = Writer::new(ByteOrder::Little);
            full.write(&mut writer, version);
            let octets = writer.finish().unwrap();
            let mut reader = Reader::new(&octets, ByteOrder::Little);
            assert_eq!(DeviceInfo::read(&mut reader, version), Ok(expected));
            assert_eq!(reader.remaining(), 0);
        }
    }
}
